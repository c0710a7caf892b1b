BEGIN TRANSACTION;
CREATE TABLE appeal_steps (
	step_id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	appeal_id INTEGER NOT NULL, 
	kind VARCHAR(10) NOT NULL, 
	who TEXT NOT NULL, 
	at DATETIME NOT NULL, 
	at_s FLOAT, 
	text TEXT NOT NULL, 
	outcome VARCHAR(10), 
	scores JSON, words_sha256 VARCHAR(64), 
	CONSTRAINT fk_appeal_steps_appeal_id_appeals FOREIGN KEY(appeal_id) REFERENCES appeals (appeal_id)
);
INSERT INTO "appeal_steps" VALUES(5,3,'decision','赵六','2026-11-04 09:00:00.000000',NULL,'说了','overturned','{"王芳": [90.5, 95.0]}',NULL);
CREATE TABLE appeals (
	appeal_id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	call_id TEXT NOT NULL, 
	item TEXT NOT NULL, 
	at_s FLOAT, 
	text TEXT NOT NULL, 
	who TEXT NOT NULL, 
	filed_at DATETIME NOT NULL, 
	first_inspectors JSON NOT NULL, 
	file_by DATETIME, 
	reply_by DATETIME NOT NULL, 
	decide_by DATETIME NOT NULL
, words_sha256 VARCHAR(64));
INSERT INTO "appeals" VALUES(3,'c1','closing',2.0,'录音里说了','李敏','2026-11-03 09:00:00.000000','["王芳"]',NULL,'2026-11-05 09:00:00.250000','2026-11-10 09:00:00.000000',NULL);
CREATE TABLE archives (
	archive_id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	path TEXT NOT NULL, 
	mark VARCHAR(32) NOT NULL, 
	who TEXT NOT NULL, 
	made_at DATETIME NOT NULL, 
	CONSTRAINT uq_archives_path UNIQUE (path)
);
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
	transcript_sha256 VARCHAR(64), words_sha256 VARCHAR(64), 
	CONSTRAINT uq_audit_events_uuid UNIQUE (uuid)
);
INSERT INTO "audit_events" VALUES(4,'e4','2026-11-03 09:00:00.000000','李敏','c1',NULL,'comment','{"kind": "comment", "text": null}',1,'r','1',NULL,'f6c57aad7de6a58a46920889c9e7d00a400261e1ec5b8456fb03a14d98c6f936');
INSERT INTO "audit_events" VALUES(7,'e7','2026-11-03 09:01:00.500000','李敏','c1','0042','fault','{"kind": "fault", "fault": "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "item": "closing", "severity": "minor", "start_s": 1.0, "end_s": 2.5, "should_say": null, "comment": ""}',0,'r','1','t','3e65dd0ae0963fc3166316802833589844d219995d47a1255a3e86a05bdabca0');
CREATE TABLE audit_words (
	event_id INTEGER NOT NULL, 
	salt VARCHAR(32) NOT NULL, 
	words JSON NOT NULL, 
	CONSTRAINT pk_audit_words PRIMARY KEY (event_id), 
	CONSTRAINT fk_audit_words_event_id_audit_events FOREIGN KEY(event_id) REFERENCES audit_events (event_id)
);
INSERT INTO "audit_words" VALUES(4,'e487ff0cb7cbf8885994d0d05b8fab56','{"text": "\u8bed\u901f\u504f\u5feb"}');
INSERT INTO "audit_words" VALUES(7,'13330ba289e8cf8992208a46179103c1','{"should_say": "\u611f\u8c22\u6765\u7535"}');
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
CREATE TABLE chain (
	place INTEGER NOT NULL, 
	source VARCHAR(32) NOT NULL, 
	row_id INTEGER NOT NULL, 
	digest VARCHAR(64) NOT NULL, 
	head VARCHAR(64) NOT NULL, 
	CONSTRAINT pk_chain PRIMARY KEY (place), 
	CONSTRAINT uq_chain_source UNIQUE (source, row_id)
);
INSERT INTO "chain" VALUES(1,'audit_events',4,'e3b3d42c40c8df373a20965ae67625c030b085287201f8931ef2ae86c76e8733','b06bbf3c2c3bbe7c3983457d93cadbe7bfb6789f9b6870b4fda1f805d4963fd6');
INSERT INTO "chain" VALUES(2,'audit_events',7,'1e07d3cc82ab931972d87980b5c31fbc3fe3503ef8c0b3d0490e5b3c1440f778','32f8d15eeb82852e9ebb2dee9df759a74f34097653ee6dc218c27163b97da464');
INSERT INTO "chain" VALUES(3,'appeals',3,'71a595d388fb94ddc7d0bd580cac8036c0995d5c84e962f04ea6e9a12a40f0a5','26142e4404103763a7e9b332af33db7429c4aeec645f09bd61cb3d776ae81508');
INSERT INTO "chain" VALUES(4,'appeal_steps',5,'384bb278de0ae1ef75a81858fcde3aed6e1dcb7d315079d0f72d5da1550009e6','6ccbfa6aff4a38375f9c11823ef48c336a5a668999200123df185f940c054f47');
INSERT INTO "chain" VALUES(5,'rulings',1,'1c24f439f57fad8bba849f6622e956d6181b9fdf306e7f7c8cf018af40a7b88d','04c5bf06f8f4fc6b3fda19d680bc36e22d4a3969a1a2b3768be1f5ca7dd6ab04');
INSERT INTO "chain" VALUES(6,'complaints',1,'6cecffecd99106db0c42a3c8060402b627f39dc166926a1f5520016a92776322','5b511ea8d210579fba09a75b6c06b6083fc1c2c3c7adfde96fe99c43425f2f5d');
INSERT INTO "chain" VALUES(7,'confirmations',1,'4736ea7bea484b817cda2bd2328fd5c492b6691fb0ed883c2a7e78b0b9c10a89','14a03e1c0305120557e52110a0a649c807d9a29562c5ffdd9d8f0763aa5a5fa7');
INSERT INTO "chain" VALUES(8,'hold_events',1,'743bef14012c90fc4c6c0abfcddeddf9b69d15f9cf75ff334833d2cabf500eca','8a954af72aa3d3b85d8602402ae2aa0fd131abb40f01395db394c3d72fe04b56');
CREATE TABLE closing_erasures (
	closing_erasure_id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	closing_id INTEGER NOT NULL, 
	files JSON NOT NULL, 
	reason TEXT NOT NULL, 
	who TEXT NOT NULL, 
	erased_at DATETIME NOT NULL, 
	CONSTRAINT fk_closing_erasures_closing_id_closings FOREIGN KEY(closing_id) REFERENCES closings (closing_id)
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
CREATE TABLE coachings (
	coaching_id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	agent TEXT NOT NULL, 
	items JSON NOT NULL, 
	text TEXT NOT NULL, 
	coached_at DATETIME NOT NULL, 
	who TEXT NOT NULL, 
	noted_at DATETIME NOT NULL
);
CREATE TABLE complaint_steps (
	step_id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	complaint_id INTEGER NOT NULL, 
	kind VARCHAR(10) NOT NULL, 
	who TEXT NOT NULL, 
	at DATETIME NOT NULL, 
	text TEXT NOT NULL, 
	call_id TEXT, 
	at_s FLOAT, 
	outcome VARCHAR(12), 
	evidence JSON, words_sha256 VARCHAR(64), 
	CONSTRAINT fk_complaint_steps_complaint_id_complaints FOREIGN KEY(complaint_id) REFERENCES complaints (complaint_id)
);
CREATE TABLE complaints (
	complaint_id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	customer_no TEXT, 
	text TEXT NOT NULL, 
	who TEXT NOT NULL, 
	opened_at DATETIME NOT NULL
, words_sha256 VARCHAR(64));
INSERT INTO "complaints" VALUES(1,NULL,'态度差','赵六','2026-11-04 09:00:00.000000',NULL);
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
INSERT INTO "confirmations" VALUES(1,'2026-10','8001',1,'95.50',NULL,'李敏','2026-11-04 09:00:00.000000');
CREATE TABLE decision_erasures (
	decision_erasure_id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	erased_at DATETIME NOT NULL, 
	who TEXT NOT NULL, 
	reason TEXT NOT NULL, 
	erased JSON NOT NULL
);
CREATE TABLE decision_words (
	source VARCHAR(32) NOT NULL, 
	row_id INTEGER NOT NULL, 
	salt VARCHAR(32) NOT NULL, 
	words JSON NOT NULL, 
	CONSTRAINT pk_decision_words PRIMARY KEY (source, row_id)
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
CREATE TABLE erasures (
	erasure_id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	erased_at DATETIME NOT NULL, 
	who TEXT NOT NULL, 
	reason TEXT NOT NULL, 
	event_ids JSON NOT NULL
);
CREATE TABLE fault_clips (
	clip_id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	fault VARCHAR(32) NOT NULL, 
	call_id TEXT NOT NULL, 
	start_s FLOAT NOT NULL, 
	end_s FLOAT NOT NULL, 
	sha256 VARCHAR(64) NOT NULL, 
	kept_at DATETIME NOT NULL
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
CREATE TABLE hold_events (
	hold_event_id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	call_id TEXT NOT NULL, 
	kind VARCHAR(4) NOT NULL, 
	reason TEXT NOT NULL, 
	who TEXT NOT NULL, 
	at DATETIME NOT NULL
);
INSERT INTO "hold_events" VALUES(1,'c1','add','投诉','赵六','2026-11-04 09:00:00.000000');
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
CREATE TABLE plays (
	play_id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	call_id TEXT NOT NULL, 
	who TEXT NOT NULL, 
	at DATETIME NOT NULL, 
	start_s FLOAT NOT NULL, 
	end_s FLOAT NOT NULL, 
	place VARCHAR(8) NOT NULL
);
CREATE TABLE praises (
	praise_id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	call_id TEXT NOT NULL, 
	at_s FLOAT, 
	text TEXT NOT NULL, 
	who TEXT NOT NULL, 
	praised_at DATETIME NOT NULL
);
CREATE TABLE recording_events (
	recording_event_id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	task VARCHAR(32) NOT NULL, 
	kind VARCHAR(8) NOT NULL, 
	sha256 VARCHAR(64) NOT NULL, 
	size_bytes BIGINT NOT NULL, 
	folder TEXT NOT NULL, 
	path TEXT NOT NULL, 
	to_folder TEXT, 
	call_ids JSON NOT NULL, 
	reason TEXT, 
	who TEXT NOT NULL, 
	at DATETIME NOT NULL
);
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
CREATE TABLE role_events (
	role_event_id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	kind VARCHAR(6) NOT NULL, 
	login TEXT NOT NULL, 
	name TEXT NOT NULL, 
	role VARCHAR(11) NOT NULL, 
	agent TEXT, 
	reason TEXT NOT NULL, 
	who TEXT NOT NULL, 
	at DATETIME NOT NULL
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
CREATE TABLE rule_status_events (
	rule_status_event_id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	item TEXT NOT NULL, 
	rule_sha256 VARCHAR(64) NOT NULL, 
	rubric TEXT NOT NULL, 
	rubric_version TEXT NOT NULL, 
	rubric_sha256 VARCHAR(64) NOT NULL, 
	"before" VARCHAR(9) NOT NULL, 
	status VARCHAR(9) NOT NULL, 
	overridden BOOLEAN NOT NULL, 
	figures JSON NOT NULL, 
	from_month VARCHAR(7) NOT NULL, 
	reason TEXT NOT NULL, 
	who TEXT NOT NULL, 
	at DATETIME NOT NULL
);
CREATE TABLE rulings (
	ruling_id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	call_id TEXT NOT NULL, 
	item TEXT NOT NULL, 
	source VARCHAR(12) NOT NULL, 
	appeal_id INTEGER, 
	verdict VARCHAR(14) NOT NULL, 
	points FLOAT, 
	critical BOOLEAN, 
	"by" JSON NOT NULL, 
	reason TEXT NOT NULL, 
	ruled_at DATETIME NOT NULL, 
	rubric_sha256 VARCHAR(64) NOT NULL, 
	rubric_version TEXT NOT NULL, words_sha256 VARCHAR(64), 
	CONSTRAINT fk_rulings_appeal_id_appeals FOREIGN KEY(appeal_id) REFERENCES appeals (appeal_id)
);
INSERT INTO "rulings" VALUES(1,'c1','closing','appeal',3,'pass',1.5,1,'["赵六"]','说了','2026-11-04 09:00:00.000000','r','1',NULL);
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
INSERT INTO "schema_version" VALUES(2,'2026-12-01 02:55:58.088084');
INSERT INTO "schema_version" VALUES(3,'2026-12-01 02:55:58.098794');
INSERT INTO "schema_version" VALUES(4,'2026-12-01 02:55:58.149445');
INSERT INTO "schema_version" VALUES(5,'2026-12-01 02:55:58.203536');
INSERT INTO "schema_version" VALUES(6,'2026-12-01 02:55:58.248111');
INSERT INTO "schema_version" VALUES(7,'2026-12-01 02:55:58.282048');
INSERT INTO "schema_version" VALUES(8,'2026-12-01 02:55:58.298738');
INSERT INTO "schema_version" VALUES(9,'2026-12-01 02:55:58.381052');
INSERT INTO "schema_version" VALUES(10,'2026-12-01 02:55:58.412123');
INSERT INTO "schema_version" VALUES(11,'2026-12-01 02:55:58.437894');
INSERT INTO "schema_version" VALUES(12,'2026-12-01 02:55:58.456261');
INSERT INTO "schema_version" VALUES(13,'2026-12-01 02:55:58.481433');
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
CREATE TABLE vexatious_events (
	event_id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	customer_no TEXT NOT NULL, 
	listed BOOLEAN NOT NULL, 
	who TEXT NOT NULL, 
	reason TEXT NOT NULL, 
	at DATETIME NOT NULL
, words_sha256 VARCHAR(64));
CREATE INDEX ix_call_changes_import_id ON call_changes (import_id);
CREATE INDEX ix_call_changes_call_id ON call_changes (call_id);
CREATE INDEX ix_recording_files_sha256 ON recording_files (sha256);
CREATE INDEX ix_recording_files_stem_key ON recording_files (stem_key);
CREATE INDEX ix_calls_sha256 ON calls (sha256);
CREATE INDEX ix_calls_agent_start ON calls (agent_no, start);
CREATE INDEX ix_calls_agent_no ON calls (agent_no);
CREATE INDEX ix_calls_start ON calls (start);
CREATE INDEX ix_jobs_sha256 ON jobs (sha256);
CREATE INDEX ix_jobs_token ON jobs (token);
CREATE INDEX ix_jobs_state ON jobs (state);
CREATE INDEX ix_audit_events_sheet ON audit_events (who, call_id, event_id);
CREATE INDEX ix_audit_events_call_id ON audit_events (call_id);
CREATE INDEX ix_seed_commitments_month ON seed_commitments (month);
CREATE INDEX ix_sample_frames_month ON sample_frames (month);
CREATE INDEX ix_draws_month ON draws (month);
CREATE INDEX ix_replacements_draw_id ON replacements (draw_id);
CREATE INDEX ix_hand_outs_draw_id ON hand_outs (draw_id);
CREATE INDEX ix_confirmations_month ON confirmations (month);
CREATE INDEX ix_closings_month ON closings (month);
CREATE INDEX ix_appeals_call_id ON appeals (call_id);
CREATE INDEX ix_fault_clips_fault ON fault_clips (fault);
CREATE INDEX ix_coachings_agent ON coachings (agent);
CREATE INDEX ix_praises_call_id ON praises (call_id);
CREATE INDEX ix_vexatious_events_customer_no ON vexatious_events (customer_no);
CREATE INDEX ix_appeal_steps_appeal_id ON appeal_steps (appeal_id);
CREATE INDEX ix_rulings_call_id ON rulings (call_id);
CREATE INDEX ix_complaint_steps_complaint_id ON complaint_steps (complaint_id);
CREATE INDEX ix_recording_events_task ON recording_events (task);
CREATE INDEX ix_recording_events_file ON recording_events (folder, path);
CREATE INDEX ix_recording_events_sha256 ON recording_events (sha256);
CREATE INDEX ix_hold_events_call_id ON hold_events (call_id);
CREATE INDEX ix_plays_at ON plays (at);
CREATE INDEX ix_plays_call_id ON plays (call_id);
CREATE INDEX ix_plays_who ON plays (who);
CREATE INDEX ix_role_events_login ON role_events (login);
CREATE INDEX ix_rule_status_events_item ON rule_status_events (item);
CREATE INDEX ix_closing_erasures_closing_id ON closing_erasures (closing_id);
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('audit_events',7);
INSERT INTO "sqlite_sequence" VALUES('appeals',3);
INSERT INTO "sqlite_sequence" VALUES('appeal_steps',5);
INSERT INTO "sqlite_sequence" VALUES('rulings',1);
INSERT INTO "sqlite_sequence" VALUES('complaints',1);
INSERT INTO "sqlite_sequence" VALUES('confirmations',1);
INSERT INTO "sqlite_sequence" VALUES('hold_events',1);
COMMIT;
