-- The role that owns the tables: for `churnd migrate` and for nothing else. An administrator runs this once a database,
-- before the first `churnd migrate`. Give it a password, or a rule in pg_hba.conf, as your site does.
CREATE ROLE churn_owner LOGIN;
GRANT USAGE, CREATE ON SCHEMA public TO churn_owner;
