-- What depends on several reports at once, made anew after every change. Each statement stands alone.

UPDATE reports SET agency_id = NULL, province_code = NULL, city_code = NULL, county_code = NULL;

UPDATE reports SET agency_id = a.agency_id, province_code = a.province_code, city_code = a.city_code,
    county_code = a.county_code
FROM report_places l JOIN agencies a USING (agency_id)
WHERE l.report_id = reports.report_id;

CREATE OR REPLACE TABLE report_counts AS
WITH by_cell AS (
    SELECT report_id,
           count(*) FILTER (status = 'read') AS cells_read,
           count(*) FILTER (status = 'blank') AS cells_blank,
           count(*) FILTER (status = 'repaired') AS cells_repaired,
           count(*) FILTER (status = 'unreadable') AS cells_unreadable
    FROM cells GROUP BY report_id
), by_check AS (
    SELECT report_id,
           count(*) FILTER (outcome = 'pass' AND severity = 'error') AS checks_passed,
           count(*) FILTER (outcome = 'fail' AND severity = 'error') AS checks_failed,
           count(*) FILTER (outcome = 'fail' AND severity = 'warning') AS checks_warned
    FROM checks GROUP BY report_id
), by_fact AS (
    SELECT report_id, count(*) AS facts, avg(confidence) AS confidence FROM facts GROUP BY report_id
), by_statement AS (
    SELECT report_id, count(*) FILTER (kind = 'problem') AS problems, count(*) FILTER (kind = 'improvement') AS improvements
    FROM statements GROUP BY report_id
), by_conflict AS (
    SELECT report_id, count(*) AS conflicts FROM conflicts GROUP BY report_id
)
SELECT report_id,
       coalesce(cells_read, 0) AS cells_read, coalesce(cells_blank, 0) AS cells_blank,
       coalesce(cells_repaired, 0) AS cells_repaired, coalesce(cells_unreadable, 0) AS cells_unreadable,
       coalesce(checks_passed, 0) AS checks_passed, coalesce(checks_failed, 0) AS checks_failed,
       coalesce(checks_warned, 0) AS checks_warned,
       checks_passed / nullif(checks_passed + checks_failed, 0) AS pass_rate,
       coalesce(facts, 0) AS facts, confidence,
       coalesce(problems, 0) AS problems, coalesce(improvements, 0) AS improvements,
       coalesce(conflicts, 0) AS conflicts
FROM reports
LEFT JOIN by_cell USING (report_id) LEFT JOIN by_check USING (report_id) LEFT JOIN by_fact USING (report_id)
LEFT JOIN by_statement USING (report_id) LEFT JOIN by_conflict USING (report_id)
ORDER BY report_id;

-- Of several reports of one agency on one year one is chosen: read whole before read in part, with tables before
-- without, more cells known, fewer checks failed, published later, more facts; at last by the file's digest.
CREATE OR REPLACE TABLE ranking AS
SELECT report_id, agency_id, year,
       [(status = 'ok')::BIGINT, (edition <> 'none')::BIGINT, cells_read + cells_blank + cells_repaired, -checks_failed,
        coalesce(epoch(published)::BIGINT, -9223372036854775807), facts] AS merits,
       row_number() OVER (PARTITION BY agency_id, year ORDER BY merits DESC, report_id) AS place
FROM reports JOIN report_counts USING (report_id)
WHERE agency_id IS NOT NULL AND year IS NOT NULL AND status IN ('ok', 'partial');

UPDATE reports SET chosen = false;

UPDATE reports SET chosen = true FROM ranking WHERE ranking.report_id = reports.report_id AND place = 1;

CREATE OR REPLACE TABLE duplicates AS
WITH pairs AS (
    SELECT other.agency_id, other.year, other.report_id, best.report_id AS chosen_report_id,
           list_position(list_transform(list_zip(best.merits, other.merits), lambda m: m[1] <> m[2]), true) AS decided
    FROM ranking AS other JOIN ranking AS best USING (agency_id, year)
    WHERE best.place = 1 AND other.place > 1
), differing AS (
    SELECT p.report_id, count(*) AS cells_differing
    FROM pairs p
    JOIN cells one ON one.report_id = p.report_id
    JOIN cells other ON other.report_id = p.chosen_report_id AND other.cell = one.cell
    WHERE one.value IS DISTINCT FROM other.value
    GROUP BY p.report_id
)
SELECT p.agency_id, p.year, p.report_id, r.source, p.chosen_report_id, c.source AS chosen_source,
       coalesce(['read whole', 'has tables', 'more cells known', 'fewer checks failed', 'published later',
                 'more facts'][p.decided], 'by digest, otherwise alike') AS chosen_because,
       coalesce(d.cells_differing, 0) AS cells_differing
FROM pairs p
JOIN reports r ON r.report_id = p.report_id
JOIN reports c ON c.report_id = p.chosen_report_id
LEFT JOIN differing d ON d.report_id = p.report_id
ORDER BY p.agency_id, p.year, p.report_id;

DROP TABLE ranking;

-- The scheme's checks across two years of one agency. A blank cell counts 0, as within a report; where one side cannot
-- be known, or where all cells are blank, nothing can be said.
CREATE OR REPLACE TABLE cross_year_checks AS
WITH pairs AS (
    SELECT later.agency_id, later.year, later.report_id, earlier.report_id AS previous_report_id
    FROM reports later JOIN reports earlier ON earlier.agency_id = later.agency_id AND earlier.year = later.year - 1
    WHERE later.chosen AND earlier.chosen
), known AS (
    SELECT report_id, cell, status = 'blank' AS is_blank,
           CASE WHEN status IN ('read', 'repaired') THEN value WHEN status = 'blank' THEN 0 END AS value
    FROM cells
    WHERE cell LIKE 'applications.carried_in.%' OR cell LIKE 'applications.carried_out.%'
       OR cell LIKE 'disclosure.rules.%' OR cell LIKE 'disclosure.normative.%'
), carried AS (
    SELECT p.*, 'across_years.carried.' || split_part(now.cell, '.', 3) AS id,
           'carried-in requests = the requests the year before carried out' AS statement,
           now.value AS "left", before.value AS "right", 'error' AS severity, now.is_blank AND before.is_blank AS is_blank,
           [now.cell] AS cells, [before.cell] AS previous_cells
    FROM pairs p
    JOIN known now ON now.report_id = p.report_id AND now.cell LIKE 'applications.carried_in.%'
    JOIN known before ON before.report_id = p.previous_report_id
        AND before.cell = replace(now.cell, 'carried_in', 'carried_out')
), in_force AS (
    SELECT p.*, 'across_years.in_force.' || kind AS id,
           'documents in force = those of the year before + issued - repealed' AS statement,
           now.value AS "left", before.value + issued.value - repealed.value AS "right", 'warning' AS severity,
           now.is_blank AND before.is_blank AND issued.is_blank AND repealed.is_blank AS is_blank,
           [now.cell, issued.cell, repealed.cell] AS cells, [before.cell] AS previous_cells
    FROM pairs p
    CROSS JOIN (VALUES ('rules'), ('normative')) AS kinds(kind)
    JOIN known now ON now.report_id = p.report_id AND now.cell = 'disclosure.' || kind || '.in_force'
    JOIN known issued ON issued.report_id = p.report_id AND issued.cell = 'disclosure.' || kind || '.issued'
    JOIN known repealed ON repealed.report_id = p.report_id AND repealed.cell = 'disclosure.' || kind || '.repealed'
    JOIN known before ON before.report_id = p.previous_report_id AND before.cell = 'disclosure.' || kind || '.in_force'
)
SELECT agency_id, year, report_id, previous_report_id, id, statement, "left", "right",
       CASE WHEN is_blank OR "left" IS NULL OR "right" IS NULL THEN 'not_assessable'
            WHEN "left" = "right" THEN 'pass' ELSE 'fail' END AS outcome,
       severity, cells, previous_cells
FROM (FROM carried UNION ALL FROM in_force)
ORDER BY agency_id, year, id;

CREATE OR REPLACE TABLE missing_years AS
WITH spans AS (
    SELECT agency_id, min(year) AS first_year, max(year) AS last_year FROM reports WHERE chosen GROUP BY agency_id
), everything AS (
    SELECT min(first_year) AS first_year, max(last_year) AS last_year FROM spans
)
SELECT s.agency_id, y.year,
       CASE WHEN y.year < s.first_year THEN 'before the first' WHEN y.year > s.last_year THEN 'after the last'
            ELSE 'gap' END AS kind
FROM spans s, everything e, unnest(range(e.first_year, e.last_year + 1)) AS y(year)
WHERE NOT EXISTS (FROM reports r WHERE r.chosen AND r.agency_id = s.agency_id AND r.year = y.year)
ORDER BY s.agency_id, y.year;

-- One row for the whole country (province 全国), one for each province; a place that is not known counts as 不详.
CREATE OR REPLACE TABLE trend_values AS
WITH told AS (
    SELECT report_id, replace(cell, '.', '_') AS measure, value FROM cells WHERE value IS NOT NULL
    UNION ALL
    SELECT report_id, 'told_' || replace(key, '.', '_'), value FROM metrics
), placed AS (
    SELECT r.year, coalesce(a.province, '不详') AS province, a.province_code, measure, value
    FROM told JOIN reports r USING (report_id) JOIN agencies a USING (agency_id)
    WHERE r.chosen
)
SELECT year, coalesce(province, '全国') AS province, province_code, measure, count(*) AS reports, sum(value) AS total,
       avg(value) AS mean, median(value) AS median
FROM placed
GROUP BY GROUPING SETS ((year, measure), (year, province, province_code, measure))
ORDER BY measure, province_code NULLS FIRST, province, year;
