BEGIN TRANSACTION;
CREATE TABLE call_changes (
    change_id INTEGER NOT NULL,
    import_id INTEGER NOT NULL,
    call_id TEXT NOT NULL,
    "before" JSON,
    CONSTRAINT pk_call_changes PRIMARY KEY (change_id),
    CONSTRAINT fk_call_changes_import_id_imports FOREIGN KEY(import_id) REFERENCES imports (import_id)
);
CREATE TABLE calls (
    call_id TEXT NOT NULL,
    sha256 VARCHAR(64),
    named_recording TEXT,
    agent_no TEXT,
    agent_name TEXT,
    team TEXT,
    start DATETIME,
    direction VARCHAR(8),
    customer_no TEXT,
    ring_s FLOAT,
    duration_s FLOAT,
    internal BOOLEAN,
    hangup_by VARCHAR(8),
    line TEXT,
    system TEXT,
    extra JSON NOT NULL,
    source VARCHAR(9) NOT NULL,
    superseded_by TEXT,
    changed_in INTEGER NOT NULL,
    CONSTRAINT pk_calls PRIMARY KEY (call_id),
    CONSTRAINT fk_calls_sha256_recordings FOREIGN KEY(sha256) REFERENCES recordings (sha256),
    CONSTRAINT fk_calls_changed_in_imports FOREIGN KEY(changed_in) REFERENCES imports (import_id)
);
CREATE TABLE failed_jobs (
    "key" VARCHAR(64) NOT NULL,
    sha256 VARCHAR(64) NOT NULL,
    code TEXT NOT NULL,
    "values" JSON NOT NULL,
    failed_at DATETIME NOT NULL,
    CONSTRAINT pk_failed_jobs PRIMARY KEY ("key"),
    CONSTRAINT fk_failed_jobs_sha256_recordings FOREIGN KEY(sha256) REFERENCES recordings (sha256)
);
INSERT INTO "failed_jobs" VALUES('k1','aa','audio.channels','{"path": "/录音/a.wav", "channels": 3}','2026-09-02 09:00:00.000000');
INSERT INTO "failed_jobs" VALUES('k2','bb','transcribe.failed','{"path": "/录音/b.wav", "reason": "x"}','2026-09-02 09:01:00.000000');
CREATE TABLE fixed (
    name TEXT NOT NULL,
    value TEXT NOT NULL,
    CONSTRAINT pk_fixed PRIMARY KEY (name)
);
CREATE TABLE folders (
    folder_id INTEGER NOT NULL,
    path TEXT NOT NULL,
    CONSTRAINT pk_folders PRIMARY KEY (folder_id),
    CONSTRAINT uq_folders_path UNIQUE (path)
);
CREATE TABLE imports (
    import_id INTEGER NOT NULL,
    imported_at DATETIME NOT NULL,
    who TEXT NOT NULL,
    folder TEXT,
    list_name TEXT,
    list_sha256 VARCHAR(64),
    roster_name TEXT,
    roster_sha256 VARCHAR(64),
    counts JSON NOT NULL,
    CONSTRAINT pk_imports PRIMARY KEY (import_id)
);
INSERT INTO "imports" VALUES(1,'2026-09-01 08:00:00.000000','qa','/录音',NULL,NULL,NULL,NULL,'{}');
CREATE TABLE recording_files (
    folder_id INTEGER NOT NULL,
    path TEXT NOT NULL,
    stem_key TEXT NOT NULL,
    sha256 VARCHAR(64) NOT NULL,
    size_bytes BIGINT NOT NULL,
    mtime_ns BIGINT NOT NULL,
    present BOOLEAN NOT NULL,
    CONSTRAINT pk_recording_files PRIMARY KEY (folder_id, path),
    CONSTRAINT fk_recording_files_folder_id_folders FOREIGN KEY(folder_id) REFERENCES folders (folder_id),
    CONSTRAINT fk_recording_files_sha256_recordings FOREIGN KEY(sha256) REFERENCES recordings (sha256)
);
CREATE TABLE recordings (
    sha256 VARCHAR(64) NOT NULL,
    size_bytes BIGINT NOT NULL,
    added_in INTEGER NOT NULL,
    CONSTRAINT pk_recordings PRIMARY KEY (sha256),
    CONSTRAINT fk_recordings_added_in_imports FOREIGN KEY(added_in) REFERENCES imports (import_id)
);
INSERT INTO "recordings" VALUES('aa',10,1);
INSERT INTO "recordings" VALUES('bb',20,1);
CREATE TABLE roster (
    roster_id INTEGER NOT NULL,
    person_id TEXT NOT NULL,
    agent_name TEXT,
    new_no TEXT,
    old_no TEXT,
    team TEXT,
    start_date DATE,
    end_date DATE,
    added_in INTEGER NOT NULL,
    removed_in INTEGER,
    CONSTRAINT pk_roster PRIMARY KEY (roster_id),
    CONSTRAINT fk_roster_added_in_imports FOREIGN KEY(added_in) REFERENCES imports (import_id),
    CONSTRAINT fk_roster_removed_in_imports FOREIGN KEY(removed_in) REFERENCES imports (import_id)
);
CREATE TABLE schema_version (
    version INTEGER NOT NULL,
    applied_at DATETIME NOT NULL,
    CONSTRAINT pk_schema_version PRIMARY KEY (version)
);
INSERT INTO "schema_version" VALUES(1,'2026-09-01 08:00:00.000000');
CREATE INDEX ix_call_changes_import_id ON call_changes (import_id);
CREATE INDEX ix_call_changes_call_id ON call_changes (call_id);
CREATE INDEX ix_recording_files_sha256 ON recording_files (sha256);
CREATE INDEX ix_recording_files_stem_key ON recording_files (stem_key);
CREATE INDEX ix_calls_sha256 ON calls (sha256);
CREATE INDEX ix_calls_agent_start ON calls (agent_no, start);
CREATE INDEX ix_calls_agent_no ON calls (agent_no);
CREATE INDEX ix_calls_start ON calls (start);
CREATE INDEX ix_failed_jobs_sha256 ON failed_jobs (sha256);
COMMIT;
