-- When campaigns are planned to run.
SELECT c.campaign_id, c.name, c.start_date, c.end_date
FROM campaigns AS c
WHERE c.project_id = @project_id
  AND (c.start_date IS NOT NULL OR c.end_date IS NOT NULL)
