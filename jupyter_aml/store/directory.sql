-- directory.db, version 1: what lies above the workspaces of one home. Times are seconds since the epoch, UTC.

CREATE TABLE resource_groups (
    subscription TEXT NOT NULL COLLATE NOCASE,
    name         TEXT NOT NULL COLLATE NOCASE,
    location     TEXT NOT NULL DEFAULT '',
    tags         TEXT NOT NULL DEFAULT '{}',   -- JSON
    created_at   REAL NOT NULL,
    PRIMARY KEY (subscription, name)
);

-- Custom roles; the built-in ones are code (entities.role).
CREATE TABLE role_definitions (
    name TEXT PRIMARY KEY COLLATE NOCASE,
    body TEXT NOT NULL                         -- JSON: the role as its file says it
);

CREATE TABLE role_assignments (
    id         TEXT PRIMARY KEY,
    principal  TEXT NOT NULL COLLATE NOCASE,
    role       TEXT NOT NULL COLLATE NOCASE,
    scope      TEXT NOT NULL COLLATE NOCASE,   -- an ARM id: /subscriptions/…
    created_at REAL NOT NULL,
    UNIQUE (principal, role, scope)
);

-- `az configure --defaults`, `az account set`.
CREATE TABLE defaults (name TEXT PRIMARY KEY, value TEXT NOT NULL);
