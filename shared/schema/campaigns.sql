-- Facts about a campaign that are not measured but decided.
CREATE TABLE IF NOT EXISTS marketing.campaigns (
  project_id  STRING NOT NULL,
  campaign_id STRING NOT NULL,
  name        STRING,
  objective   STRING,
  budget      NUMERIC,
  start_date  DATE,
  end_date    DATE,
  loaded_at   TIMESTAMP,
  PRIMARY KEY (project_id, campaign_id) NOT ENFORCED
)
CLUSTER BY project_id, campaign_id
