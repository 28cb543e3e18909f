-- What does not depend on the data: views over the tables.

CREATE OR REPLACE VIEW statements AS
SELECT report_id, 'problem' AS kind, n, text, sentence, themes, NULL::VARCHAR AS status, []::BIGINT[] AS addresses,
       "start", "end", confidence, origin
FROM problems
UNION ALL
SELECT report_id, 'improvement', n, text, sentence, themes, status, addresses, "start", "end", confidence, origin
FROM improvements;

CREATE OR REPLACE VIEW themes AS SELECT report_id, kind, n, unnest(themes) AS theme FROM statements;

CREATE OR REPLACE VIEW answers AS SELECT report_id, n AS improvement, unnest(addresses) AS problem FROM improvements;
