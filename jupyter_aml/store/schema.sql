-- workspace.db, version 2. Our own file; MLflow's is mlflow.db beside it (two files, so that
-- neither's writers wait for the other's). Times are seconds since the epoch, UTC.

-- Every change of the world, numbered. Widgets, logs, audits and tests read the same lines.
CREATE TABLE facts (
    seq     INTEGER PRIMARY KEY AUTOINCREMENT,
    at      REAL NOT NULL,
    kind    TEXT NOT NULL,                -- 'job.wished', 'job.status', 'compute.wished' …
    subject TEXT NOT NULL,                -- the job's or compute's name
    body    TEXT NOT NULL DEFAULT '{}'    -- JSON
);
CREATE TRIGGER facts_never_change BEFORE UPDATE ON facts BEGIN SELECT RAISE (ABORT, 'a fact never changes'); END;
CREATE TRIGGER facts_never_leave BEFORE DELETE ON facts BEGIN SELECT RAISE (ABORT, 'a fact never leaves'); END;
CREATE INDEX facts_of_subject ON facts (subject, seq);
CREATE INDEX wishes ON facts (seq) WHERE kind GLOB '*.wished';

-- A job as it was wished, and the last status that the supervisor wrote.
CREATE TABLE jobs (
    seq          INTEGER PRIMARY KEY AUTOINCREMENT,
    name         TEXT NOT NULL UNIQUE,
    type         TEXT NOT NULL,
    status       TEXT NOT NULL,
    experiment   TEXT NOT NULL,
    display_name TEXT NOT NULL,
    description  TEXT NOT NULL DEFAULT '',
    compute      TEXT NOT NULL,
    parent       TEXT NOT NULL DEFAULT '',
    nodes        INTEGER NOT NULL DEFAULT 1,
    max_attempts INTEGER NOT NULL DEFAULT 1,
    attempt      INTEGER NOT NULL DEFAULT 0,
    spec         TEXT NOT NULL,           -- JSON: the job as its YAML says it
    launch       TEXT NOT NULL,           -- JSON: entities.launch.Launch
    tags         TEXT NOT NULL DEFAULT '{}',
    properties   TEXT NOT NULL DEFAULT '{}',
    archived     INTEGER NOT NULL DEFAULT 0,
    exit_code    INTEGER,
    error        TEXT NOT NULL DEFAULT '',
    created_at   REAL NOT NULL,
    started_at   REAL,
    ended_at     REAL
);
CREATE INDEX unfinished_jobs ON jobs (seq) WHERE status NOT IN ('Completed', 'Failed', 'Canceled');
CREATE INDEX jobs_of_experiment ON jobs (experiment, seq);
CREATE INDEX jobs_of_parent ON jobs (parent, seq) WHERE parent <> '';

CREATE TABLE computes (
    name         TEXT PRIMARY KEY COLLATE NOCASE,
    type         TEXT NOT NULL,
    min_nodes    INTEGER NOT NULL,
    max_nodes    INTEGER NOT NULL,
    idle_seconds REAL NOT NULL,
    low_priority INTEGER NOT NULL DEFAULT 0,
    warm         INTEGER NOT NULL DEFAULT 1,
    hidden       INTEGER NOT NULL DEFAULT 0,  -- 'serverless' and 'local' are not listed
    spec         TEXT NOT NULL,               -- JSON: the compute as its YAML says it
    nodes        TEXT NOT NULL DEFAULT '{}',  -- JSON: node states, as the supervisor last saw them
    created_at   REAL NOT NULL,
    state        TEXT NOT NULL DEFAULT '',    -- of a compute instance, the supervisor's word
    operation    TEXT NOT NULL DEFAULT '{}',  -- JSON: the last operation, the supervisor's word
    owner        TEXT NOT NULL DEFAULT ''     -- of a compute instance: the one user it is assigned to
);

-- Every version of every asset. What was written never changes, but for its description and whether it is hidden.
CREATE TABLE assets (
    seq         INTEGER PRIMARY KEY AUTOINCREMENT,
    kind        TEXT NOT NULL,                -- entities.asset_record.AssetKind
    name        TEXT NOT NULL,
    version     TEXT NOT NULL,
    spec        TEXT NOT NULL,                -- JSON: the asset as its YAML says it
    content     TEXT NOT NULL DEFAULT '',     -- what decides whether two versions are the same
    archived    INTEGER NOT NULL DEFAULT 0,
    created_at  REAL NOT NULL,
    modified_at REAL NOT NULL,
    created_by  TEXT NOT NULL DEFAULT '',
    UNIQUE (kind, name, version)
);
CREATE INDEX assets_by_age ON assets (kind, name, archived, seq);

-- One row a name (Azure's container): the next number to give out, the newest version's seq.
CREATE TABLE asset_names (
    kind         TEXT NOT NULL,
    name         TEXT NOT NULL,
    newest       INTEGER NOT NULL,
    next_version INTEGER NOT NULL DEFAULT 1,
    archived     INTEGER NOT NULL DEFAULT 0,
    anonymous    INTEGER NOT NULL DEFAULT 0,  -- made inline for one use: not listed
    PRIMARY KEY (kind, name)
) WITHOUT ROWID;
CREATE INDEX asset_names_by_age ON asset_names (kind, newest);

-- What has a name and no versions: datastores, connections, the workspace itself. Never a secret.
CREATE TABLE resources (
    seq         INTEGER PRIMARY KEY AUTOINCREMENT,
    kind        TEXT NOT NULL,                -- entities.resource_record.ResourceKind
    name        TEXT NOT NULL COLLATE NOCASE,
    spec        TEXT NOT NULL,                -- JSON: the resource as its YAML says it, without its credentials
    created_at  REAL NOT NULL,
    modified_at REAL NOT NULL,
    created_by  TEXT NOT NULL DEFAULT '',
    UNIQUE (kind, name)
);

-- The key vault. Values are encrypted; the key is not in this file.
CREATE TABLE secrets (
    name         TEXT PRIMARY KEY COLLATE NOCASE,
    value        BLOB NOT NULL,
    content_type TEXT NOT NULL DEFAULT '',
    modified_at  REAL NOT NULL
);

-- How far a reader of the facts has come.
CREATE TABLE cursors (reader TEXT PRIMARY KEY, seq INTEGER NOT NULL);

-- What a code folder looked like when it was last frozen, so that unchanged files are not read again.
CREATE TABLE folder_index (path BLOB PRIMARY KEY, body TEXT NOT NULL);
