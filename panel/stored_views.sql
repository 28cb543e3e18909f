-- Views over what derived.sql has stored.

CREATE OR REPLACE VIEW trends AS
SELECT t.year, t.province, t.province_code, t.measure, c.name_zh, c.unit, t.reports, t.total, t.mean, t.median
FROM trend_values t LEFT JOIN codebook c ON c."column" = t.measure;

-- One row for each identity that does not hold, within a report or (across_years) with the report of the year before.
CREATE OR REPLACE VIEW failures AS
SELECT r.report_id, r.source, r.agency_id, coalesce(a.agency, r.agency) AS agency, r.year, r.chosen, f.* EXCLUDE (report_id)
FROM (
    SELECT report_id, false AS across_years, id, statement, "left", "right", severity, cells
    FROM checks WHERE outcome = 'fail'
    UNION ALL
    SELECT report_id, true, id, statement, "left", "right", severity, cells || previous_cells
    FROM cross_year_checks WHERE outcome = 'fail'
) f
JOIN reports r USING (report_id) LEFT JOIN agencies a USING (agency_id);

CREATE OR REPLACE VIEW quality AS
WITH failed AS (
    SELECT report_id, count(*) FILTER (across_years) AS across_years_failed,
           list(id ORDER BY id) FILTER (severity = 'error') AS failed,
           list(id ORDER BY id) FILTER (severity = 'warning') AS warned
    FROM failures GROUP BY report_id
), told AS (
    SELECT report_id, string_agg(component || ': ' || message, '; ' ORDER BY n) AS errors FROM errors GROUP BY report_id
)
SELECT r.report_id, r.source, r.agency_id, coalesce(a.agency, r.agency) AS agency, r.year, r.status, r.edition, r.reader,
       r.chosen, q.* EXCLUDE (report_id), coalesce(f.across_years_failed, 0) AS across_years_failed,
       coalesce(f.failed, []) AS failed, coalesce(f.warned, []) AS warned, t.errors
FROM reports r JOIN report_counts q USING (report_id) LEFT JOIN agencies a USING (agency_id)
LEFT JOIN failed f USING (report_id) LEFT JOIN told t USING (report_id);

CREATE OR REPLACE VIEW cross_year_failures AS
SELECT a.agency, x.* FROM cross_year_checks x JOIN agencies a USING (agency_id) WHERE outcome = 'fail';

-- What the file of decisions holds: pairs to decide first, then those that were decided.
CREATE OR REPLACE VIEW pairs_to_decide AS
SELECT NULL::VARCHAR AS decision, NULL::VARCHAR AS note, agency, array_to_string(years, '、') AS years, other,
       array_to_string(other_years, '、') AS other_years, reason, NULL::VARCHAR AS outcome, agency_id, other_id, report,
       other_report
FROM doubtful_pairs
UNION ALL
SELECT decision, note, agency, NULL, other, NULL, NULL, outcome, agency_id, other_id, report, other_report
FROM decisions
ORDER BY decision NULLS FIRST, agency_id, other_id;
