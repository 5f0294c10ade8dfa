-- Queries that analysts ask, with a blank line between them. Each is let through and runs.

SELECT * FROM channel_daily

SELECT * FROM campaigns

SELECT * FROM marketing.channel_daily LIMIT 5

SELECT * FROM `marketing.channel_daily`

SELECT * FROM `marketing`.`campaigns`

select Channel, sum(Spend) as Cost from CHANNEL_DAILY group by CHANNEL

(SELECT channel FROM channel_daily)

SELECT 1 AS one

SELECT COUNT(*) FROM channel_daily

SELECT COUNT(*), SUM(spend) FROM channel_daily

SELECT DISTINCT channel FROM channel_daily ORDER BY channel

SELECT channel, SUM(spend) AS spend FROM channel_daily GROUP BY channel ORDER BY spend DESC LIMIT 10

SELECT channel, SAFE_DIVIDE(SUM(revenue), SUM(spend)) AS roas FROM channel_daily GROUP BY channel

SELECT channel, SUM(revenue) / SUM(spend) AS roas FROM channel_daily GROUP BY 1 HAVING roas > 1

SELECT channel, 1000 * SUM(spend) / NULLIF(SUM(impressions), 0) AS cpm FROM channel_daily GROUP BY 1

SELECT spend / 0 AS nothing, clicks / impressions AS ctr FROM channel_daily

SELECT date, SUM(clicks) FROM channel_daily WHERE date BETWEEN '2025-01-02' AND '2025-01-09' GROUP BY date

SELECT date FROM channel_daily WHERE date >= DATE '2025-01-05' AND channel IN ('meta', 'email')

SELECT channel FROM channel_daily WHERE channel IN UNNEST(['meta', 'email']) AND clicks NOT IN (1, 2)

SELECT DATE_TRUNC(date, WEEK(MONDAY)) AS week, SUM(spend) FROM channel_daily GROUP BY week ORDER BY week

SELECT DATE_TRUNC(date, MONTH) AS month, COUNT(DISTINCT campaign_id) AS n FROM channel_daily GROUP BY 1

SELECT DATE_TRUNC(date, ISOWEEK) AS a, DATE_TRUNC(date, QUARTER) AS b, DATE_TRUNC(date, YEAR) AS c FROM channel_daily

SELECT EXTRACT(DAYOFWEEK FROM date) AS weekday, AVG(conversions) FROM channel_daily GROUP BY weekday

SELECT EXTRACT(YEAR FROM date), EXTRACT(ISOWEEK FROM date), EXTRACT(WEEK(MONDAY) FROM date) FROM channel_daily

SELECT FORMAT_DATE('%A', date) AS day, FORMAT_DATE('%Y-%m', date) AS month, FORMAT_DATE('%G-W%V', date) FROM channel_daily

SELECT DATE_ADD(date, INTERVAL 7 DAY), DATE_SUB(date, INTERVAL 1 MONTH), date + INTERVAL 1 WEEK FROM channel_daily

SELECT DATE_DIFF(date, DATE '2024-12-01', DAY), DATE_DIFF(date, DATE '2024-12-01', WEEK(MONDAY)), LAST_DAY(date, MONTH) FROM channel_daily

SELECT DATE(2025, 1, 1) AS a, DATE('2025-01-01') AS b, UNIX_DATE(date) AS c FROM channel_daily

SELECT campaign, SUM(IF(channel = 'meta', spend, 0)) AS meta, COUNTIF(clicks > 10) AS busy FROM channel_daily GROUP BY campaign

SELECT CASE WHEN spend > 20 THEN 'high' WHEN spend > 10 THEN 'mid' ELSE 'low' END AS band, COUNT(*) FROM channel_daily GROUP BY band

SELECT CASE channel WHEN 'meta' THEN 1 ELSE 0 END AS is_meta FROM channel_daily

SELECT COALESCE(campaign, campaign_id) AS name, IFNULL(spend, 0) AS spend FROM channel_daily

SELECT ROUND(AVG(spend), 2), MIN(spend), MAX(spend), STDDEV(spend), VAR_POP(clicks), CORR(spend, revenue) FROM channel_daily

SELECT ABS(spend - 20), SIGN(spend), FLOOR(conversions), CEIL(conversions), TRUNC(conversions), MOD(clicks, 7), DIV(clicks, 7) FROM channel_daily

SELECT SQRT(clicks), POW(conversions, 2), EXP(conversions / 100), LN(1 + clicks), LOG10(1 + clicks), GREATEST(spend, revenue), LEAST(1, clicks) FROM channel_daily

SELECT APPROX_COUNT_DISTINCT(campaign), APPROX_QUANTILES(spend, 100)[OFFSET(50)] AS median FROM channel_daily

SELECT channel, MAX_BY(campaign, spend) AS best, MIN_BY(campaign, spend) AS worst, ANY_VALUE(channel HAVING MAX spend) AS x FROM channel_daily WHERE campaign IS NOT NULL AND spend IS NOT NULL AND date = '2025-01-02' GROUP BY channel

SELECT STRING_AGG(DISTINCT channel, ', ' ORDER BY channel) AS channels, LOGICAL_OR(clicks = 0) AS gap FROM channel_daily

SELECT LOWER(campaign), UPPER(channel), LENGTH(campaign), SUBSTR(campaign, 1, 2), LEFT(campaign, 2), RIGHT(campaign, 1), TRIM(campaign), LTRIM(channel, 'm') FROM channel_daily

SELECT REPLACE(campaign, '_', ' '), CONCAT(channel, ' – ', campaign), channel || '/' || campaign, STRPOS(campaign, '_') FROM channel_daily

SELECT SPLIT(campaign, '_')[SAFE_OFFSET(0)] AS country, SUM(spend) AS spend FROM channel_daily GROUP BY country

SELECT campaign FROM channel_daily WHERE STARTS_WITH(campaign, 'DE_') AND NOT ENDS_WITH(campaign, '2') OR CONTAINS_SUBSTR(campaign, 'news')

SELECT campaign FROM channel_daily WHERE campaign LIKE 'DE!_%' OR campaign LIKE r'DE\_%' OR REGEXP_CONTAINS(campaign, r'(?i)^us_\w+$')

SELECT REGEXP_EXTRACT(campaign, r'^([A-Z]+)_') AS country, REGEXP_REPLACE(campaign, r'_\d+$', '') AS base FROM channel_daily

SELECT CAST(clicks AS STRING), SAFE_CAST(campaign AS INT64), CAST(spend AS FLOAT64), CAST(date AS STRING), CAST('2025-01-01' AS DATE) FROM channel_daily

SELECT clicks IS NULL, (clicks > 1) IS TRUE, clicks IS DISTINCT FROM 3, NOT clicks BETWEEN 1 AND 9, -clicks, TRUE, NULL AS nothing FROM channel_daily

SELECT * EXCEPT (campaign_id) FROM channel_daily

SELECT * REPLACE (ROUND(spend) AS spend) FROM channel_daily

SELECT d.* EXCEPT (campaign), c.name FROM channel_daily AS d JOIN campaigns AS c USING (campaign_id)

SELECT c.name, SUM(d.spend) AS spend, ANY_VALUE(c.budget) AS budget FROM channel_daily AS d JOIN campaigns AS c ON d.campaign_id = c.campaign_id GROUP BY c.name

SELECT c.name, SUM(d.spend) / c.budget AS pacing FROM campaigns c LEFT JOIN channel_daily d ON d.campaign_id = c.campaign_id AND d.date >= c.start_date GROUP BY c.name, c.budget ORDER BY c.name

SELECT name FROM campaigns WHERE end_date IS NULL OR end_date >= '2025-01-05' ORDER BY start_date DESC, name NULLS LAST

SELECT campaign_id, name, d.spend FROM campaigns FULL JOIN channel_daily AS d USING (campaign_id)

SELECT channel FROM channel_daily AS d WHERE EXISTS (SELECT 1 FROM campaigns AS c WHERE c.campaign_id = d.campaign_id AND c.budget > 100)

SELECT channel, spend FROM channel_daily WHERE campaign_id IN (SELECT campaign_id FROM campaigns WHERE objective = 'sales')

SELECT channel, spend FROM channel_daily WHERE spend > (SELECT AVG(spend) FROM channel_daily)

SELECT name, (SELECT SUM(d.spend) FROM channel_daily AS d WHERE d.campaign_id = c.campaign_id) AS spend FROM campaigns AS c

WITH t AS (SELECT channel, SUM(spend) AS spend FROM channel_daily GROUP BY channel) SELECT channel, spend / (SELECT SUM(spend) FROM t) AS share FROM t

WITH total AS (SELECT SUM(spend) AS all_spend FROM channel_daily) SELECT channel, SUM(spend) / MAX(all_spend) AS share FROM channel_daily CROSS JOIN total GROUP BY channel

SELECT channel, SUM(spend) AS spend, SAFE_DIVIDE(SUM(spend), SUM(SUM(spend)) OVER ()) AS share FROM channel_daily GROUP BY channel

WITH now AS (SELECT channel, SUM(spend) AS s FROM channel_daily WHERE date >= '2025-01-07' GROUP BY 1), before AS (SELECT channel, SUM(spend) AS s FROM channel_daily WHERE date < '2025-01-07' GROUP BY 1) SELECT channel, now.s, before.s AS previous, SAFE_DIVIDE(now.s - before.s, before.s) AS change FROM now FULL JOIN before USING (channel)

WITH RevenueByDay AS (SELECT date, SUM(revenue) AS revenue FROM channel_daily GROUP BY date) SELECT date, revenue, AVG(revenue) OVER (ORDER BY date ROWS BETWEEN 6 PRECEDING AND CURRENT ROW) AS rolling FROM revenuebyday

SELECT date, channel, spend, LAG(spend) OVER (PARTITION BY channel, campaign_id ORDER BY date) AS before, LEAD(spend, 2, 0) OVER w AS later FROM channel_daily WINDOW w AS (PARTITION BY channel, campaign_id ORDER BY date)

SELECT channel, date, spend FROM channel_daily QUALIFY ROW_NUMBER() OVER (PARTITION BY channel ORDER BY date DESC, campaign_id) = 1

SELECT channel, RANK() OVER (ORDER BY SUM(spend) DESC) AS place, NTILE(2) OVER (ORDER BY channel) AS half FROM channel_daily GROUP BY channel

SELECT date, SUM(SUM(spend)) OVER (ORDER BY date) AS running FROM channel_daily GROUP BY date

SELECT date, campaign_id, FIRST_VALUE(spend) OVER w AS f, LAST_VALUE(spend IGNORE NULLS) OVER w AS l, PERCENTILE_CONT(clicks, 0.5) OVER (PARTITION BY channel) AS m FROM channel_daily WINDOW w AS (PARTITION BY channel ORDER BY date, campaign_id)

SELECT channel FROM channel_daily UNION DISTINCT SELECT objective FROM campaigns

SELECT channel AS k, spend AS v FROM channel_daily UNION ALL SELECT name, budget FROM campaigns ORDER BY k, v LIMIT 50

SELECT campaign_id FROM channel_daily EXCEPT DISTINCT SELECT campaign_id FROM campaigns

(SELECT campaign_id FROM channel_daily) INTERSECT DISTINCT (SELECT campaign_id FROM campaigns)

SELECT day, SUM(d.spend) AS spend FROM UNNEST(GENERATE_DATE_ARRAY('2025-01-01', '2025-01-12')) AS day LEFT JOIN channel_daily AS d ON d.date = day GROUP BY day ORDER BY day

SELECT n, channel FROM UNNEST([1, 7, 28]) AS n CROSS JOIN (SELECT DISTINCT channel FROM channel_daily) AS c

SELECT step, n FROM UNNEST(['a', 'b']) AS step WITH OFFSET AS n ORDER BY n

SELECT channel, campaign, SUM(spend) AS spend FROM channel_daily GROUP BY ROLLUP (channel, campaign)

SELECT x.channel, x.s FROM (SELECT channel, SUM(spend) AS s FROM channel_daily GROUP BY channel) AS x WHERE x.s > 10

SELECT channel, spend AS `order`, clicks AS `select` FROM channel_daily ORDER BY `order`, `select`, channel

SELECT channel /* which */, spend -- how much
  FROM channel_daily # all of it

SELECT 'it\'s; DROP TABLE x --' AS a, "say \"hi\" /* no */" AS b, 'Größe 👩‍💻' AS c, r'\d' AS d

SELECT channel FROM channel_daily;

WITH a AS (SELECT channel, spend FROM channel_daily), b AS (SELECT channel, SUM(spend) AS s FROM a GROUP BY channel), c AS (SELECT AVG(s) AS m FROM b) SELECT b.channel, b.s > c.m AS above FROM b CROSS JOIN c

SELECT a.channel, a.date, a.spend, b.spend AS week_before FROM channel_daily AS a LEFT JOIN channel_daily AS b ON b.campaign_id = a.campaign_id AND b.channel = a.channel AND b.date = DATE_SUB(a.date, INTERVAL 7 DAY)

SELECT a.channel AS one, b.channel AS other, SUM(a.clicks) AS clicks FROM channel_daily AS a JOIN channel_daily AS b ON a.date = b.date AND a.channel < b.channel GROUP BY 1, 2

WITH means AS (SELECT channel, AVG(spend) AS mean FROM channel_daily GROUP BY channel) SELECT d.date, d.channel, d.spend - m.mean AS above FROM channel_daily AS d JOIN means AS m ON m.channel = d.channel

WITH days AS (SELECT date, channel, SUM(spend) AS s FROM channel_daily GROUP BY date, channel) SELECT a.date, a.channel, a.s, b.s AS day_before, c.s AS week_before FROM days AS a JOIN days AS b ON b.channel = a.channel AND b.date = DATE_SUB(a.date, INTERVAL 1 DAY) LEFT JOIN days AS c ON c.channel = a.channel AND c.date = DATE_SUB(a.date, INTERVAL 7 DAY)

SELECT d.channel, d.spend, f.name FROM channel_daily AS d JOIN (SELECT DISTINCT channel FROM channel_daily WHERE spend > 0) AS k USING (channel) JOIN campaigns AS f USING (campaign_id)

WITH meta AS (SELECT * FROM channel_daily WHERE channel = 'meta') SELECT a.date, a.spend, b.clicks FROM meta AS a JOIN meta AS b USING (date, channel, campaign_id) JOIN meta AS c USING (date, channel, campaign_id)

SELECT COUNT(DISTINCT campaign) AS campaigns FROM channel_daily ORDER BY campaigns

WITH spend AS (SELECT channel, SUM(spend) AS total FROM channel_daily GROUP BY channel) SELECT spend.channel, spend.total FROM spend
