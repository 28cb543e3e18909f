-- Views over what derived.sql has stored.

CREATE OR REPLACE VIEW trends AS
SELECT t.year, t.province, t.province_code, t.measure, c.name_zh, c.unit, t.reports, t.total, t.mean, t.median
FROM trend_values t LEFT JOIN codebook c ON c."column" = t.measure;

CREATE OR REPLACE VIEW quality AS
SELECT r.report_id, r.source, r.agency_id, coalesce(a.agency, r.agency) AS agency, r.year, r.status, r.edition, r.reader,
       r.chosen, q.* EXCLUDE (report_id),
       (SELECT count(*) FROM cross_year_checks x WHERE x.report_id = r.report_id AND x.outcome = 'fail') AS across_years_failed,
       (SELECT string_agg(e.component || ': ' || e.message, '; ' ORDER BY e.n) FROM errors e WHERE e.report_id = r.report_id) AS errors
FROM reports r JOIN report_counts q USING (report_id) LEFT JOIN agencies a USING (agency_id);

CREATE OR REPLACE VIEW cross_year_failures AS
SELECT a.agency, x.* FROM cross_year_checks x JOIN agencies a USING (agency_id) WHERE outcome = 'fail';
