-- Statements that the guard refuses, each under the reason it gives. One statement a line.

-- # statements
-- reason: not-a-select
INSERT INTO channel_daily (channel) VALUES ('x')
UPDATE channel_daily SET spend = 0 WHERE TRUE
DELETE FROM channel_daily WHERE TRUE
MERGE INTO channel_daily t USING campaigns s ON FALSE WHEN NOT MATCHED THEN INSERT ROW
TRUNCATE TABLE channel_daily
CREATE TABLE t AS SELECT * FROM channel_daily
CREATE OR REPLACE VIEW v AS SELECT 1
CREATE TEMP FUNCTION f() AS (1)
CREATE FUNCTION f() RETURNS INT64 LANGUAGE js AS 'return 1'
DROP TABLE channel_daily
ALTER TABLE channel_daily ADD COLUMN x INT64
EXPORT DATA OPTIONS (uri = 'gs://b/*.csv', format = 'CSV') AS SELECT * FROM channel_daily
LOAD DATA INTO channel_daily FROM FILES (uris = ['gs://b/x'], format = 'CSV')
CALL bq.refresh()
ASSERT (SELECT COUNT(*) FROM channel_daily) > 0
BEGIN SELECT 1; END
BEGIN TRANSACTION
COMMIT TRANSACTION
DECLARE x INT64 DEFAULT 1
SET x = 1
SET @@dataset_id = 'other'
EXECUTE IMMEDIATE 'SELECT 1'
GRANT SELECT ON TABLE channel_daily TO 'user:x'
REVOKE SELECT ON TABLE channel_daily FROM 'user:x'
IF TRUE THEN SELECT 1; END IF
LOOP SELECT 1; END LOOP
WHILE TRUE DO SELECT 1; END WHILE
FOR r IN (SELECT 1) DO SELECT 1; END FOR
RAISE USING MESSAGE = 'x'
EXPLAIN SELECT 1
DESCRIBE channel_daily
SHOW TABLES
PRAGMA database_list
ATTACH 'file.db'
COPY channel_daily TO 'x'
INSTALL httpfs
USE other
TABLE channel_daily
VALUES (1)
FROM channel_daily
FROM channel_daily SELECT *
FROM channel_daily |> SELECT channel

-- # scripts
-- reason: many-statements
SELECT 1; SELECT 2
SELECT 1;; DROP TABLE channel_daily
SELECT channel FROM channel_daily; DELETE FROM channel_daily WHERE TRUE
SELECT 'a;b'; SELECT 1

-- # clauses
-- reason: not-allowed
WITH RECURSIVE a AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM a) SELECT * FROM a
WITH a(x) AS (SELECT 1) SELECT x FROM a
WITH a AS (DELETE FROM channel_daily) SELECT 1
SELECT * FROM channel_daily TABLESAMPLE SYSTEM (10 PERCENT)
SELECT * FROM channel_daily PIVOT (SUM(spend) FOR channel IN ('meta'))
SELECT * FROM channel_daily UNPIVOT (v FOR k IN (spend, revenue))
SELECT AS STRUCT channel FROM channel_daily
SELECT AS VALUE channel FROM channel_daily
SELECT channel INTO other FROM channel_daily
SELECT channel FROM channel_daily FOR UPDATE
SELECT DISTINCT ON (channel) spend FROM channel_daily
SELECT channel FROM channel_daily |> WHERE spend > 1
SELECT channel FROM channel_daily FETCH FIRST 5 ROWS ONLY
SELECT channel FROM channel_daily UNION ALL BY NAME SELECT name FROM campaigns
SELECT channel FROM channel_daily UNION ALL SELECT name, budget FROM campaigns
SELECT SUM(spend) FILTER (WHERE clicks > 1) FROM channel_daily
SELECT date AT TIME ZONE 'UTC' FROM channel_daily
SELECT (channel, spend) FROM channel_daily
SELECT channel FROM channel_daily WHERE (channel, campaign) IN (('a', 'b'))
SELECT channel FROM channel_daily WHERE spend = ANY (SELECT budget FROM campaigns)
SELECT channel FROM (channel_daily)
SELECT channel FROM (channel_daily JOIN campaigns USING (campaign_id))
SELECT channel FROM channel_daily NATURAL JOIN campaigns
SELECT channel FROM channel_daily LEFT SEMI JOIN campaigns USING (campaign_id)
SELECT channel FROM channel_daily LEFT ANTI JOIN campaigns USING (campaign_id)
SELECT channel FROM channel_daily GROUP BY CUBE (channel, campaign)
SELECT channel FROM channel_daily GROUP BY GROUPING SETS ((channel), ())
SELECT channel FROM channel_daily WHERE channel ILIKE 'x'
SELECT clicks & 1, clicks << 62 FROM channel_daily
SELECT channel FROM channel_daily GROUP BY channel WITH ROLLUP
SELECT channel FROM channel_daily START WITH spend > 1 CONNECT BY PRIOR clicks = spend
SELECT channel FROM channel_daily FOR SYSTEM_TIME BETWEEN '2024-01-01' AND '2025-01-01'
-- reason: taken-name
WITH a AS (SELECT 1 AS x), a AS (SELECT 2 AS x) SELECT x FROM a
-- reason: syntax
SELECT * FROM channel_daily MATCH_RECOGNIZE (ORDER BY date PATTERN (a) DEFINE a AS TRUE)
SELECT channel FROM channel_daily UNION SELECT name FROM campaigns
SELECT channel FROM channel_daily LIKE 'x' ESCAPE 'y'
SELECT channel FROM channel_daily WHERE channel ~ 'x'
SELECT
SELECT FROM
SELECT (SELECT
SELECT 'open
SELECT `open
SELECT 1 /* open
SELECT channel, ROW_NUMBER() OVER (ORDER BY date) FROM channel_daily WITH TIES
SELECT TOP 5 channel FROM channel_daily
SELECT * FROM channel_daily AS OF '2025-01-01'
SELECT channel FROM channel_daily QUALIFY ROW_NUMBER() OVER (ORDER BY date) = 1 INTERSECT SELECT name FROM campaigns
SELECT ALL FROM channel_daily
SELECT WITH DIFFERENTIAL_PRIVACY OPTIONS (epsilon = 1) channel FROM channel_daily
SELECT WITH AGGREGATION_THRESHOLD channel FROM channel_daily
-- reason: argument
SELECT channel FROM channel_daily LIMIT ALL
SELECT channel FROM channel_daily LIMIT 1 + 1
SELECT channel FROM channel_daily LIMIT -1
SELECT channel FROM channel_daily LIMIT (SELECT 5)
SELECT channel FROM channel_daily LIMIT 99999999999
SELECT channel FROM channel_daily LIMIT 5 OFFSET spend
SELECT [channel] FROM channel_daily
SELECT ARRAY(SELECT channel FROM channel_daily)
-- reason: function
SELECT channel COLLATE 'und:ci' FROM channel_daily
SELECT STRUCT(channel, spend) FROM channel_daily
SELECT x -> x + 1 FROM channel_daily
SELECT {{ channel }} FROM channel_daily
-- reason: parameter
SELECT {'a': 1}
SELECT /*+ BROADCAST(t) */ @{JOIN_METHOD=HASH} channel FROM channel_daily
-- reason: unknown-table
SELECT * FROM ONLY channel_daily

-- # parameters
-- reason: parameter
SELECT @project_id
SELECT @first_day
SELECT channel FROM channel_daily WHERE channel = @channel
SELECT channel FROM channel_daily LIMIT @n
SELECT ?
SELECT channel FROM channel_daily WHERE spend > ?
SELECT :name
SELECT @
-- reason: bad-name
SELECT $1
-- reason: system-variable
SELECT @@project_id
SELECT @@session.time_zone
SELECT @@error.message FROM channel_daily

-- # tables
-- reason: unknown-table
SELECT * FROM secrets
SELECT * FROM other.channel_daily
SELECT * FROM other.marketing.channel_daily
SELECT * FROM `other.marketing.channel_daily`
SELECT * FROM `other-project`.marketing.channel_daily
SELECT * FROM other-project.marketing.channel_daily
SELECT * FROM `marketing.channel_daily*`
SELECT * FROM `marketing.channel_*` WHERE _TABLE_SUFFIX = 'daily'
SELECT * FROM channel_*
SELECT * FROM INFORMATION_SCHEMA.TABLES
SELECT * FROM marketing.INFORMATION_SCHEMA.COLUMNS
SELECT * FROM `region-eu`.INFORMATION_SCHEMA.JOBS_BY_PROJECT
SELECT * FROM information_schema.tables
SELECT * FROM marketing.__TABLES__
SELECT * FROM pg_catalog.pg_tables
SELECT * FROM sqlite_master
SELECT * FROM 'file.csv'
SELECT * FROM `/etc/passwd`
SELECT * FROM channel_daily$20250101
SELECT * FROM `channel_daily$20250101`
SELECT * FROM ML.PREDICT(MODEL m, TABLE channel_daily)
SELECT * FROM ML.PREDICT(MODEL `a.b`, (SELECT 1))
SELECT * FROM VECTOR_SEARCH(TABLE channel_daily, 'x', TABLE campaigns)
SELECT * FROM read_csv('x.csv')
SELECT * FROM channel_daily.channel
SELECT * FROM a
WITH a AS (SELECT * FROM b), b AS (SELECT 1 AS x) SELECT * FROM a
WITH a AS (SELECT * FROM a) SELECT * FROM a
WITH a AS (SELECT 1 AS x) SELECT * FROM marketing.a
-- reason: function
SELECT * FROM duckdb_tables()
SELECT * FROM EXTERNAL_QUERY('connection', 'SELECT 1')
SELECT * FROM my_function(1)
SELECT * FROM TABLE(channel_daily)
-- reason: parameter
SELECT * FROM channel_daily@-3600000
-- reason: not-allowed
SELECT * FROM channel_daily FOR SYSTEM_TIME AS OF TIMESTAMP '2025-01-01'
SELECT * FROM channel_daily FOR SYSTEM TIME AS OF '2025-01-01'
SELECT * FROM channel_daily, LATERAL (SELECT 1)
-- reason: syntax
SELECT * FROM APPENDS(TABLE channel_daily, NULL, NULL)
SELECT * FROM CHANGES(TABLE channel_daily, NULL, NULL)
SELECT * FROM GAP_FILL(TABLE channel_daily)
SELECT * FROM RANGE_SESSIONIZE(TABLE channel_daily, 'a', [])
-- reason: argument
SELECT * FROM channel_daily AS d, d.channel
SELECT * FROM channel_daily AS d, UNNEST(d.channel) AS x

-- # shadowing
-- reason: taken-name
WITH channel_daily AS (SELECT 1 AS x) SELECT * FROM channel_daily
WITH CHANNEL_DAILY AS (SELECT 1 AS x) SELECT * FROM channel_daily
WITH `Campaigns` AS (SELECT 1 AS x) SELECT * FROM campaigns
WITH x AS (WITH campaigns AS (SELECT 1 AS y) SELECT y FROM campaigns) SELECT * FROM x
SELECT * FROM campaigns AS channel_daily
SELECT * FROM campaigns AS marketing
WITH marketing AS (SELECT name AS channel_daily FROM campaigns) SELECT * FROM marketing
SELECT (SELECT MAX(d.spend) FROM channel_daily AS d WHERE d.campaign_id = Marketing.campaign_id) AS x FROM campaigns AS Marketing
SELECT * FROM channel_daily AS Campaigns
SELECT * FROM (SELECT 1 AS x) AS channel_daily
SELECT channel_daily FROM UNNEST([1, 2]) AS channel_daily
SELECT o FROM UNNEST([1]) AS o WITH OFFSET AS campaigns
SELECT channel AS project_id FROM channel_daily
SELECT x FROM (SELECT channel AS Project_ID, spend AS x FROM channel_daily)
WITH project_id AS (SELECT 1 AS x) SELECT x FROM project_id
SELECT 1 AS loaded_at
SELECT a.channel FROM channel_daily AS a JOIN campaigns AS a USING (campaign_id)
SELECT channel FROM channel_daily JOIN channel_daily USING (channel)
-- reason: not-allowed
SELECT channel FROM channel_daily AS d (a, b)
-- reason: bad-name
SELECT channel AS `a``b` FROM channel_daily
SELECT channel AS `a.b` FROM channel_daily
SELECT channel AS `a b` FROM channel_daily
SELECT channel AS _bound_0 FROM channel_daily
SELECT channel AS ünï FROM channel_daily
SELECT channel AS `x\` FROM evil --` FROM channel_daily
SELECT d.channel FROM channel_daily AS `d\`, secrets AS e --`
WITH `a``; SELECT` AS (SELECT 1 AS x) SELECT 1

-- # columns
-- reason: hidden-column
SELECT project_id FROM channel_daily
SELECT PROJECT_ID FROM channel_daily
SELECT `project_id` FROM channel_daily
SELECT d.project_id FROM channel_daily AS d
SELECT loaded_at FROM campaigns
SELECT channel FROM channel_daily WHERE project_id = 'other'
SELECT channel FROM channel_daily WHERE project_id = 'other' OR TRUE
SELECT channel FROM channel_daily GROUP BY project_id, channel
SELECT channel FROM channel_daily ORDER BY project_id
SELECT SUM(spend) OVER (PARTITION BY project_id) FROM channel_daily
SELECT * EXCEPT (project_id) FROM channel_daily
SELECT * REPLACE ('other' AS project_id) FROM channel_daily
SELECT a.channel FROM channel_daily AS a JOIN campaigns AS b USING (project_id)
SELECT a.channel FROM channel_daily AS a JOIN campaigns AS b ON a.project_id = b.project_id
SELECT (SELECT MAX(b.spend) FROM channel_daily AS b WHERE b.project_id = 'other') FROM campaigns
-- reason: unknown-column
SELECT spent FROM channel_daily
SELECT d.budget FROM channel_daily AS d
SELECT d.spend FROM channel_daily
SELECT spend FROM (SELECT channel FROM channel_daily)
SELECT rowid FROM channel_daily
SELECT spend AS s FROM channel_daily WHERE s > 1
SELECT spend AS s, s * 2 AS t FROM channel_daily
SELECT a.channel FROM channel_daily AS a JOIN campaigns AS b USING (channel)
SELECT channel FROM channel_daily AS d WHERE d.spnd > 1
SELECT SUM(spend) OVER (ORDER BY dat) FROM channel_daily
SELECT channel FROM channel_daily ORDER BY nothing
SELECT channel FROM channel_daily GROUP BY chanel
SELECT channel FROM channel_daily HAVING totl > 1
SELECT * EXCEPT (budget) FROM channel_daily
WITH t AS (SELECT channel FROM channel_daily) SELECT t.spend FROM t
SELECT name FROM campaigns AS c WHERE EXISTS (SELECT 1 FROM channel_daily AS d WHERE d.campaign_id = c.campaign)
SELECT channel FROM channel_daily UNION ALL SELECT name FROM campaigns ORDER BY spend
-- reason: ambiguous-column
SELECT campaign_id FROM channel_daily AS a JOIN campaigns AS b ON a.campaign_id = b.campaign_id
SELECT b.spend FROM (SELECT *, spend FROM channel_daily) AS b
-- reason: not-allowed
SELECT a.b.c FROM channel_daily AS a
SELECT marketing.channel_daily.spend FROM marketing.channel_daily
-- reason: bad-name
SELECT _PARTITIONTIME FROM channel_daily
SELECT _TABLE_SUFFIX FROM channel_daily
-- reason: repeated-column
SELECT channel, channel FROM channel_daily
SELECT * FROM channel_daily AS a JOIN campaigns AS b ON a.campaign_id = b.campaign_id
-- reason: unknown-table
SELECT x.* FROM channel_daily AS d
SELECT *

-- # whole rows
-- reason: whole-row
SELECT channel_daily FROM channel_daily
SELECT d FROM channel_daily AS d
SELECT COUNT(d) FROM channel_daily AS d
SELECT COUNT(DISTINCT d) FROM channel_daily AS d
SELECT ANY_VALUE(channel_daily) FROM channel_daily
SELECT CONTAINS_SUBSTR(d, 'x') FROM channel_daily AS d
SELECT CONTAINS_SUBSTR(channel_daily, 'x') FROM channel_daily
SELECT MAX(d.*) FROM channel_daily AS d
SELECT CONCAT(*) FROM channel_daily
SELECT IF(d IS NULL, 1, 2) FROM channel_daily AS d
SELECT x FROM (SELECT d AS x FROM channel_daily AS d)
SELECT EXISTS (SELECT d FROM campaigns AS c WHERE c.campaign_id = d.campaign_id) FROM channel_daily AS d
SELECT channel FROM channel_daily AS channel
SELECT * REPLACE (d AS channel) FROM channel_daily AS d
SELECT channel FROM channel_daily AS d ORDER BY d
SELECT channel FROM channel_daily AS d GROUP BY channel HAVING MAX(d) IS NULL
-- reason: function
SELECT TO_JSON_STRING(d) FROM channel_daily AS d

-- # functions
-- reason: function
SELECT CURRENT_DATE()
SELECT CURRENT_DATE
SELECT CURRENT_TIMESTAMP()
SELECT CURRENT_DATETIME()
SELECT RAND()
SELECT GENERATE_UUID()
SELECT SESSION_USER()
SELECT CURRENT_USER()
SELECT ERROR('x')
SELECT REPEAT('x', 1000000000)
SELECT LPAD('x', 1000000000)
SELECT RPAD('x', 1000000000, 'ab')
SELECT FORMAT('%1000000000d', 1)
SELECT TO_JSON_STRING(channel) FROM channel_daily
SELECT TO_JSON(spend) FROM channel_daily
SELECT JSON_VALUE(campaign, '$.a') FROM channel_daily
SELECT PARSE_JSON('{}')
SELECT ARRAY_AGG(channel) FROM channel_daily
SELECT ARRAY_CONCAT_AGG([1])
SELECT ARRAY_TO_STRING(['a'], ',')
SELECT ARRAY_LENGTH([1])
SELECT TO_CODE_POINTS('x')
SELECT CODE_POINTS_TO_STRING([1])
SELECT FARM_FINGERPRINT('x')
SELECT SHA256('x')
SELECT MD5('x')
SELECT KEYS.NEW_KEYSET('AEAD_AES_GCM_256')
SELECT AEAD.DECRYPT_STRING(b'a', b'b', 'c')
SELECT NET.HOST('http://x')
SELECT HLL_COUNT.INIT(clicks) FROM channel_daily
SELECT ML.DISTANCE([1.0], [2.0])
SELECT AI.GENERATE('x')
SELECT ST_GEOGPOINT(1, 2)
SELECT SAFE.SUBSTR('a', 1)
SELECT SAFE.REPEAT('a', 5)
SELECT bqutil.fn.levenshtein('a', 'b')
SELECT marketing.my_function(1)
SELECT my_function(channel) FROM channel_daily
SELECT `repeat`('x', 9)
SELECT NVL(spend, 0) FROM channel_daily
SELECT IIF(TRUE, 1, 2)
SELECT ISNULL(spend) FROM channel_daily
SELECT READ_CSV('x')
SELECT CURRENT_SETTING('x')
SELECT GETVARIABLE('x')
SELECT QUERY('SELECT 1')
SELECT PG_READ_FILE('x')
SELECT LOAD_EXTENSION('x')
SELECT IEEE_DIVIDE(spend, 0) FROM channel_daily
SELECT APPROX_TOP_COUNT(channel, 3) FROM channel_daily
SELECT PARSE_DATE('%Y', '2025')
SELECT TIMESTAMP('2025-01-01')
SELECT DATETIME(2025, 1, 1, 0, 0, 0)
SELECT BIT_AND(clicks) FROM channel_daily
SELECT SOUNDEX('x')
SELECT TRANSLATE('x', 'a', 'b')
SELECT REVERSE('x')
SELECT LEVENSHTEIN('a', 'b')
SELECT STRUCT_PACK(a := 1)
SELECT channel FROM channel_daily WHERE ERROR(CONCAT('x', channel)) IS NULL
SELECT IF(spend > 0, ERROR(campaign), 1) FROM channel_daily
SELECT SAFE_CONVERT_BYTES_TO_STRING(b'x')
SELECT COLLATE(channel, 'und:ci') FROM channel_daily
SELECT CURRENT_TIME()
SELECT LISTAGG(channel, ',') FROM channel_daily
SELECT MEDIAN(spend) FROM channel_daily
SELECT DATEDIFF('day', date, date) FROM channel_daily
SELECT TO_CHAR(date, 'YYYY') FROM channel_daily
SELECT GETDATE()
SELECT NOW()
SELECT VERSION()
SELECT SLEEP(10)
SELECT PG_SLEEP(10)
SELECT UNISTR('x')
SELECT EXPLODE([1])
SELECT INITCAP(channel, '_') FROM channel_daily
-- reason: not-allowed
SELECT LAG(spend) RESPECT NULLS OVER (ORDER BY date) FROM channel_daily
-- reason: system-variable
SELECT @@version

-- # arguments
-- reason: argument
SELECT DATE_TRUNC(date, 'MONTH) FROM secret.t --') FROM channel_daily
SELECT DATE_TRUNC(date, `MONTH) FROM secret.t --`) FROM channel_daily
SELECT DATE_TRUNC(date, MILLENNIUM) FROM channel_daily
SELECT DATE_TRUNC(date, channel) FROM channel_daily
SELECT DATE_TRUNC(date, WEEK(NOWDAY)) FROM channel_daily
SELECT DATE_DIFF(date, date, SECRET) FROM channel_daily
SELECT LAST_DAY(date, DECADE) FROM channel_daily
SELECT EXTRACT(EPOCH FROM date) FROM channel_daily
SELECT EXTRACT(channel FROM date) FROM channel_daily
SELECT DATE_ADD(date, INTERVAL clicks DAY) FROM channel_daily
SELECT DATE_ADD(date, INTERVAL 99999999 DAY) FROM channel_daily
SELECT DATE_ADD(date, INTERVAL 7974 YEAR) FROM channel_daily
SELECT DATE_ADD(date, INTERVAL '1-2' YEAR TO MONTH) FROM channel_daily
SELECT DATE_SUB(date, INTERVAL 1 HOUR) FROM channel_daily
SELECT date + INTERVAL clicks DAY FROM channel_daily
SELECT DATE '2025-02-30'
SELECT DATE 'yesterday'
SELECT CAST('2025-13-01' AS DATE)
SELECT DATE('2025-1-1')
SELECT DATE(date, 'Europe/Berlin') FROM channel_daily
SELECT CAST(spend AS BYTES) FROM channel_daily
SELECT CAST(spend AS TIMESTAMP) FROM channel_daily
SELECT CAST(spend AS ARRAY<INT64>) FROM channel_daily
SELECT CAST(spend AS STRUCT<a INT64>) FROM channel_daily
SELECT CAST(spend AS JSON) FROM channel_daily
SELECT FORMAT_DATE(channel, date) FROM channel_daily
SELECT FORMAT_DATE('%Z %+', date) FROM channel_daily
SELECT FORMAT_DATE('%1000000d', date) FROM channel_daily
SELECT REGEXP_CONTAINS(campaign, channel) FROM channel_daily
SELECT REGEXP_EXTRACT(campaign, CONCAT('a', 'b')) FROM channel_daily
SELECT REGEXP_EXTRACT(campaign, 'a', 1, 99) FROM channel_daily
SELECT REGEXP_REPLACE(campaign, 'a', channel) FROM channel_daily
SELECT REPLACE(campaign, channel, 'x') FROM channel_daily
SELECT REPLACE(campaign, 'x', campaign) FROM channel_daily
SELECT SPLIT(campaign, '_') FROM channel_daily
SELECT SPLIT(campaign, channel)[OFFSET(0)] FROM channel_daily
SELECT SPLIT(campaign, '')[OFFSET(0)] FROM channel_daily
SELECT SPLIT(campaign, '_')[clicks] FROM channel_daily
SELECT channel[0] FROM channel_daily
SELECT APPROX_QUANTILES(spend, 4) FROM channel_daily
SELECT APPROX_QUANTILES(spend, 1000000)[OFFSET(1)] FROM channel_daily
SELECT STRING_AGG(channel, ',') OVER () FROM channel_daily
SELECT STRING_AGG(channel, campaign) FROM channel_daily
SELECT MIN(spend, revenue) FROM channel_daily
SELECT COUNT(channel, campaign) FROM channel_daily
SELECT RANK(spend) OVER (ORDER BY date) FROM channel_daily
-- reason: not-allowed
SELECT CAST(spend AS NUMERIC(10, 2)) FROM channel_daily
SELECT CAST(spend AS STRING FORMAT '999') FROM channel_daily
SELECT STRING_AGG(channel, ',' LIMIT 3) FROM channel_daily
SELECT 0x1F
SELECT b'bytes'
-- reason: syntax
SELECT CAST(spend AS my_type) FROM channel_daily
SELECT r'''x''' 'y'
-- reason: literal
SELECT 1e999
SELECT 'a\x00b'
SELECT '\u0000'

-- # joins
-- reason: join-condition
SELECT a.spend FROM channel_daily AS a CROSS JOIN channel_daily AS b
SELECT a.spend FROM channel_daily AS a, channel_daily AS b
SELECT a.spend FROM channel_daily AS a, channel_daily AS b WHERE a.channel = b.channel
SELECT a.spend FROM channel_daily AS a JOIN channel_daily AS b ON TRUE
SELECT a.spend FROM channel_daily AS a JOIN channel_daily AS b ON 1 = 1
SELECT a.spend FROM channel_daily AS a JOIN channel_daily AS b
SELECT a.spend FROM channel_daily AS a JOIN channel_daily AS b ON a.channel = a.channel
SELECT a.spend FROM channel_daily AS a JOIN channel_daily AS b ON a.channel = 'meta' AND b.channel = 'meta'
SELECT a.spend FROM channel_daily AS a JOIN channel_daily AS b ON a.channel = b.channel OR TRUE
SELECT a.spend FROM channel_daily AS a JOIN channel_daily AS b ON a.spend > b.spend
SELECT a.spend FROM channel_daily AS a JOIN channel_daily AS b ON NOT a.channel = b.channel
SELECT a.spend FROM channel_daily AS a JOIN channel_daily AS b ON a.channel != b.channel
SELECT a.spend FROM channel_daily AS a JOIN channel_daily AS b ON a.spend - b.spend = 0
SELECT a.spend FROM channel_daily AS a JOIN channel_daily AS b ON a.channel IN (b.channel, 'x')
SELECT a.spend FROM channel_daily AS a JOIN channel_daily AS b ON a.channel = (SELECT MAX(c.name) FROM campaigns AS c WHERE c.campaign_id = b.campaign_id)
SELECT a.spend FROM (SELECT spend, 1 AS k FROM channel_daily) AS a JOIN (SELECT 1 AS k FROM channel_daily) AS b USING (k)
SELECT a.spend FROM (SELECT spend, 'meta' AS channel FROM channel_daily) AS a JOIN channel_daily AS b USING (channel)
SELECT a.spend FROM channel_daily AS a JOIN (SELECT 'meta' AS channel FROM channel_daily) AS b USING (channel)
SELECT a.spend FROM (SELECT spend, 'meta' AS k FROM channel_daily) AS a JOIN channel_daily AS b ON a.k = b.channel
SELECT a.spend FROM (SELECT spend, 1 AS k FROM channel_daily) AS a JOIN (SELECT 1 AS k FROM channel_daily) AS b ON a.k = b.k
SELECT a.spend FROM channel_daily AS a LEFT JOIN channel_daily AS b ON a.spend < b.spend
SELECT a.spend FROM channel_daily AS a CROSS JOIN (SELECT channel FROM channel_daily GROUP BY channel) AS b
SELECT COUNT(*) AS n FROM channel_daily AS a JOIN channel_daily AS b ON a.channel = b.channel JOIN channel_daily AS c ON a.channel = c.channel JOIN channel_daily AS d ON a.channel = d.channel
SELECT a.spend FROM channel_daily AS a JOIN channel_daily AS b ON a.channel = b.channel
SELECT a.spend FROM channel_daily AS a JOIN channel_daily AS b USING (channel)
SELECT a.spend FROM channel_daily AS a JOIN channel_daily AS b ON DATE_TRUNC(a.date, YEAR) = DATE_TRUNC(b.date, YEAR)
SELECT a.spend FROM channel_daily AS a JOIN (SELECT channel AS date FROM channel_daily) AS b ON a.channel = b.date
SELECT a.spend FROM channel_daily AS a JOIN (SELECT channel, date FROM channel_daily GROUP BY channel, date) AS b ON a.channel = b.channel
SELECT a.spend FROM channel_daily AS a JOIN (SELECT channel FROM channel_daily GROUP BY channel, date) AS b ON a.channel = b.channel
SELECT a.spend FROM channel_daily AS a JOIN (SELECT channel FROM channel_daily UNION ALL SELECT channel FROM channel_daily) AS b ON a.channel = b.channel
SELECT a.spend FROM channel_daily AS a JOIN channel_daily AS b ON a.date = b.date JOIN channel_daily AS c ON a.date = c.date
WITH j AS (SELECT a.date, b.spend FROM channel_daily AS a JOIN channel_daily AS b USING (date)) SELECT COUNT(*) AS n FROM j AS x JOIN j AS y USING (date)
SELECT (SELECT MAX(b.spend) FROM channel_daily AS b WHERE b.date < a.date) AS x FROM channel_daily AS a
SELECT (SELECT MAX(b.spend) FROM channel_daily AS b WHERE a.date = a.date) AS x FROM channel_daily AS a
SELECT (SELECT COUNTIF(b.spend > a.spend) FROM channel_daily AS b) AS x FROM channel_daily AS a
SELECT channel FROM channel_daily AS a WHERE EXISTS (SELECT 1 FROM campaigns AS b WHERE b.budget > a.spend)
SELECT channel FROM channel_daily AS a WHERE EXISTS (SELECT 1 FROM campaigns AS b WHERE b.campaign_id = a.campaign_id OR TRUE)
SELECT channel FROM channel_daily AS a WHERE spend IN (SELECT budget FROM campaigns AS b WHERE b.name > a.campaign)
-- reason: too-many-rows
SELECT a.spend FROM channel_daily AS a CROSS JOIN UNNEST(GENERATE_ARRAY(1, 10000)) AS n
SELECT a.spend FROM channel_daily AS a CROSS JOIN UNNEST(GENERATE_ARRAY(1, 100)) AS n CROSS JOIN UNNEST(GENERATE_ARRAY(1, 100)) AS m
SELECT n FROM UNNEST(GENERATE_ARRAY(1, 1000)) AS n CROSS JOIN UNNEST(GENERATE_ARRAY(1, 1000)) AS m
-- reason: unknown-column
SELECT channel FROM channel_daily AS a JOIN (SELECT b.campaign_id FROM campaigns AS b WHERE b.name = a.campaign) AS c ON a.campaign_id = c.campaign_id
WITH b AS (SELECT MAX(spend) AS m FROM channel_daily WHERE date = a.date) SELECT m FROM b
SELECT (WITH b AS (SELECT MAX(k.budget) AS m FROM campaigns AS k WHERE k.campaign_id = a.campaign_id) SELECT m FROM b) AS m FROM channel_daily AS a

-- # bombs
-- reason: argument
SELECT n FROM UNNEST(GENERATE_ARRAY(1, 10001)) AS n
SELECT n FROM UNNEST(GENERATE_ARRAY(1, 1000000000000)) AS n
SELECT n FROM UNNEST(GENERATE_ARRAY(1, 10, 0)) AS n
SELECT n FROM UNNEST(GENERATE_ARRAY(10, 1, -1)) AS n
SELECT n FROM UNNEST(GENERATE_ARRAY(1, 10, 0.0001)) AS n
SELECT n FROM UNNEST(GENERATE_ARRAY(1, (SELECT MAX(clicks) FROM channel_daily))) AS n
SELECT d FROM UNNEST(GENERATE_DATE_ARRAY('0001-01-01', '9999-12-31')) AS d
SELECT d FROM UNNEST(GENERATE_DATE_ARRAY('2025-01-01', '2025-02-01', INTERVAL 0 DAY)) AS d
SELECT GENERATE_ARRAY(1, 10)
SELECT channel FROM channel_daily WHERE clicks IN UNNEST(ARRAY(SELECT clicks FROM channel_daily))
SELECT n FROM UNNEST((SELECT ARRAY_AGG(clicks) FROM channel_daily)) AS n
SELECT * FROM UNNEST([1, 2])
-- reason: function
SELECT UNNEST([1, 2])
-- reason: not-allowed
SELECT n FROM UNNEST([STRUCT(1 AS a)]) AS n
-- reason: text-growth
SELECT CONCAT(s, s, s, s, s, s, s, s) AS v FROM (SELECT CONCAT(r, r, r, r, r, r, r, r) AS s FROM (SELECT CONCAT(campaign, campaign, campaign, campaign, campaign, campaign, campaign, campaign) AS r FROM channel_daily))
WITH a AS (SELECT CONCAT(campaign, campaign, campaign, campaign, campaign, campaign, campaign, campaign) AS c FROM channel_daily), b AS (SELECT CONCAT(c, c, c, c, c, c, c, c) AS c FROM a) SELECT c || c || c || c || c || c || c || c AS c FROM b
SELECT REPLACE(REPLACE(campaign, 'a', 'bbbbbbbbbbbbbbbbbbbbbbbbbbbbb'), 'b', 'ccccccccccccccccccccccccccccc') FROM channel_daily
SELECT REGEXP_REPLACE(REGEXP_REPLACE(campaign, '', 'xxxxxxxxxxxxxxxxxxxxxxxxxx'), '', 'yyyyyyyyyyyyyyyyyyyyyyyyyy') FROM channel_daily
SELECT channel FROM channel_daily WHERE LENGTH(REPLACE(REPLACE(REPLACE(campaign, 'a', 'bbbbbbbbbbbbbbbbbbbb'), 'b', 'cccccccccccccccccccc'), 'c', 'dddddddddddddddddddd')) > 1
SELECT channel FROM channel_daily GROUP BY channel, REGEXP_REPLACE(REGEXP_REPLACE(campaign, r'', r'bbbbbbbbbbbbbbbbbbbb'), r'b', r'cccccccccccccccccccc')
SELECT CONCAT(campaign, campaign) AS c FROM channel_daily ORDER BY CONCAT(c, c)
SELECT a.spend FROM channel_daily AS a JOIN channel_daily AS b ON a.channel = b.channel AND REPLACE(REPLACE(a.campaign, 'a', 'bbbbbbbbbbbbbbbbbbbbbb'), 'b', 'cccccccccccccccccccccc') = 'x'
SELECT STRING_AGG(s) AS v FROM (SELECT STRING_AGG(campaign) AS s FROM channel_daily GROUP BY channel)
-- reason: too-complex
WITH a AS (SELECT * FROM channel_daily UNION ALL SELECT * FROM channel_daily), b AS (SELECT * FROM a UNION ALL SELECT * FROM a), c AS (SELECT * FROM b UNION ALL SELECT * FROM b), d AS (SELECT * FROM c UNION ALL SELECT * FROM c), e AS (SELECT * FROM d UNION ALL SELECT * FROM d) SELECT SUM(spend) FROM e
