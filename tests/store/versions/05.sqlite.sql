BEGIN TRANSACTION;
CREATE TABLE assignments (
	hand_out_id INTEGER NOT NULL, 
	inspector TEXT NOT NULL, 
	call_id TEXT NOT NULL, 
	place INTEGER NOT NULL, 
	purpose VARCHAR(6) NOT NULL, 
	CONSTRAINT pk_assignments PRIMARY KEY (hand_out_id, inspector, call_id), 
	CONSTRAINT fk_assignments_hand_out_id_hand_outs FOREIGN KEY(hand_out_id) REFERENCES hand_outs (hand_out_id)
);
CREATE TABLE audit_events (
	event_id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	uuid VARCHAR(32) NOT NULL, 
	at DATETIME NOT NULL, 
	who TEXT NOT NULL, 
	call_id TEXT NOT NULL, 
	ticket TEXT, 
	kind VARCHAR(16) NOT NULL, 
	payload JSON NOT NULL, 
	blind BOOLEAN NOT NULL, 
	rubric_sha256 VARCHAR(64) NOT NULL, 
	rubric_version TEXT NOT NULL, 
	transcript_sha256 VARCHAR(64), 
	CONSTRAINT uq_audit_events_uuid UNIQUE (uuid)
);
INSERT INTO "audit_events" VALUES(4,'e4','2026-11-03 09:00:00.000000','李敏','c1',NULL,'comment','{"kind": "comment", "text": "语速偏快"}',1,'r','1',NULL);
INSERT INTO "audit_events" VALUES(7,'e7','2026-11-03 09:01:00.500000','李敏','c1','0042','fault','{"kind": "fault", "fault": "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "item": "closing", "severity": "minor", "start_s": 1.0, "end_s": 2.5, "should_say": "感谢来电", "comment": ""}',0,'r','1','t');
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
CREATE TABLE closing_files (
	closing_id INTEGER NOT NULL, 
	name VARCHAR(200) NOT NULL, 
	content BLOB NOT NULL, 
	CONSTRAINT pk_closing_files PRIMARY KEY (closing_id, name), 
	CONSTRAINT fk_closing_files_closing_id_closings FOREIGN KEY(closing_id) REFERENCES closings (closing_id)
);
CREATE TABLE closings (
	closing_id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	month VARCHAR(7) NOT NULL, 
	version INTEGER NOT NULL, 
	kind VARCHAR(6) NOT NULL, 
	reason TEXT, 
	receipt VARCHAR(64), 
	code_version TEXT NOT NULL, 
	who TEXT NOT NULL, 
	at DATETIME NOT NULL
);
CREATE TABLE confirmations (
	confirmation_id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	month VARCHAR(7) NOT NULL, 
	agent TEXT NOT NULL, 
	agreed BOOLEAN NOT NULL, 
	figure TEXT NOT NULL, 
	note TEXT, 
	who TEXT NOT NULL, 
	at DATETIME NOT NULL
);
CREATE TABLE draw_locks (
	draw_id INTEGER NOT NULL, 
	hand_out_id INTEGER NOT NULL, 
	receipt VARCHAR(64) NOT NULL, 
	who TEXT NOT NULL, 
	locked_at DATETIME NOT NULL, 
	CONSTRAINT pk_draw_locks PRIMARY KEY (draw_id), 
	CONSTRAINT fk_draw_locks_draw_id_draws FOREIGN KEY(draw_id) REFERENCES draws (draw_id), 
	CONSTRAINT fk_draw_locks_hand_out_id_hand_outs FOREIGN KEY(hand_out_id) REFERENCES hand_outs (hand_out_id)
);
CREATE TABLE draws (
	draw_id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	month VARCHAR(7) NOT NULL, 
	kind VARCHAR(9) NOT NULL, 
	frame_id INTEGER, 
	seed VARCHAR(64), 
	nonces JSON, 
	instead_of INTEGER, 
	reason TEXT, 
	code_version TEXT NOT NULL, 
	receipt VARCHAR(64) NOT NULL, 
	who TEXT NOT NULL, 
	drawn_at DATETIME NOT NULL, 
	CONSTRAINT fk_draws_frame_id_sample_frames FOREIGN KEY(frame_id) REFERENCES sample_frames (frame_id), 
	CONSTRAINT fk_draws_instead_of_draws FOREIGN KEY(instead_of) REFERENCES draws (draw_id)
);
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
CREATE TABLE hand_outs (
	hand_out_id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	draw_id INTEGER NOT NULL, 
	inspectors JSON NOT NULL, 
	twice TEXT NOT NULL, 
	common INTEGER NOT NULL, 
	after_replacement INTEGER NOT NULL, 
	who TEXT NOT NULL, 
	handed_out_at DATETIME NOT NULL, 
	CONSTRAINT fk_hand_outs_draw_id_draws FOREIGN KEY(draw_id) REFERENCES draws (draw_id)
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
CREATE TABLE jobs (
	"key" VARCHAR(64) NOT NULL, 
	sha256 VARCHAR(64) NOT NULL, 
	state VARCHAR(8) NOT NULL, 
	attempts INTEGER NOT NULL, 
	host TEXT, 
	machine TEXT, 
	pid INTEGER, 
	token VARCHAR(32), 
	lease_end DATETIME, 
	heartbeat_at DATETIME, 
	started_at DATETIME, 
	finished_at DATETIME, 
	audio_s FLOAT, 
	spent_s FLOAT, 
	code TEXT, 
	"values" JSON, 
	CONSTRAINT pk_jobs PRIMARY KEY ("key"), 
	CONSTRAINT fk_jobs_sha256_recordings FOREIGN KEY(sha256) REFERENCES recordings (sha256)
);
INSERT INTO "jobs" VALUES('k1','aa','failed',1,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'2026-09-02 09:00:00.000000',NULL,NULL,'audio.channels','{"path": "/\u5f55\u97f3/a.wav", "channels": 3}');
INSERT INTO "jobs" VALUES('k2','bb','waiting',1,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'2026-09-02 09:01:00.000000',NULL,NULL,'transcribe.failed','{"path": "/\u5f55\u97f3/b.wav", "reason": "x"}');
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
CREATE TABLE replacements (
	replacement_id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	draw_id INTEGER NOT NULL, 
	call_id TEXT NOT NULL, 
	reason VARCHAR(12) NOT NULL, 
	replaced_by TEXT, 
	who TEXT NOT NULL, 
	replaced_at DATETIME NOT NULL, 
	CONSTRAINT fk_replacements_draw_id_draws FOREIGN KEY(draw_id) REFERENCES draws (draw_id)
);
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
CREATE TABLE sample_frames (
	frame_id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	month VARCHAR(7) NOT NULL, 
	sha256 VARCHAR(64) NOT NULL, 
	content BLOB NOT NULL, 
	who TEXT NOT NULL, 
	frozen_at DATETIME NOT NULL
);
CREATE TABLE schema_version (
    version INTEGER NOT NULL,
    applied_at DATETIME NOT NULL,
    CONSTRAINT pk_schema_version PRIMARY KEY (version)
);
INSERT INTO "schema_version" VALUES(1,'2026-09-01 08:00:00.000000');
INSERT INTO "schema_version" VALUES(2,'2026-11-28 07:17:19.240299');
INSERT INTO "schema_version" VALUES(3,'2026-11-28 07:17:19.336851');
INSERT INTO "schema_version" VALUES(4,'2026-11-28 07:17:19.436844');
INSERT INTO "schema_version" VALUES(5,'2026-11-28 07:17:19.567959');
CREATE TABLE seed_commitments (
	commitment_id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	month VARCHAR(7) NOT NULL, 
	who TEXT NOT NULL, 
	sha256 VARCHAR(64) NOT NULL, 
	committed_at DATETIME NOT NULL
);
CREATE TABLE tickets (
	draw_id INTEGER NOT NULL, 
	call_id TEXT NOT NULL, 
	agent TEXT, 
	stratum VARCHAR(7), 
	ticket VARCHAR(64), 
	place INTEGER, 
	stratum_calls INTEGER, 
	stratum_drawn INTEGER, 
	inclusion FLOAT, 
	CONSTRAINT pk_tickets PRIMARY KEY (draw_id, call_id), 
	CONSTRAINT fk_tickets_draw_id_draws FOREIGN KEY(draw_id) REFERENCES draws (draw_id)
);
CREATE INDEX ix_call_changes_import_id ON call_changes (import_id);
CREATE INDEX ix_call_changes_call_id ON call_changes (call_id);
CREATE INDEX ix_recording_files_sha256 ON recording_files (sha256);
CREATE INDEX ix_recording_files_stem_key ON recording_files (stem_key);
CREATE INDEX ix_calls_sha256 ON calls (sha256);
CREATE INDEX ix_calls_agent_start ON calls (agent_no, start);
CREATE INDEX ix_calls_agent_no ON calls (agent_no);
CREATE INDEX ix_calls_start ON calls (start);
CREATE INDEX ix_jobs_sha256 ON jobs (sha256);
CREATE INDEX ix_jobs_state ON jobs (state);
CREATE INDEX ix_jobs_token ON jobs (token);
CREATE INDEX ix_audit_events_call_id ON audit_events (call_id);
CREATE INDEX ix_audit_events_sheet ON audit_events (who, call_id, event_id);
CREATE INDEX ix_seed_commitments_month ON seed_commitments (month);
CREATE INDEX ix_sample_frames_month ON sample_frames (month);
CREATE INDEX ix_draws_month ON draws (month);
CREATE INDEX ix_replacements_draw_id ON replacements (draw_id);
CREATE INDEX ix_hand_outs_draw_id ON hand_outs (draw_id);
CREATE INDEX ix_confirmations_month ON confirmations (month);
CREATE INDEX ix_closings_month ON closings (month);
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('audit_events',7);
COMMIT;
