SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;
SET default_tablespace = '';
SET default_table_access_method = heap;
CREATE TABLE public.appeal_steps (
    step_id integer NOT NULL,
    appeal_id integer NOT NULL,
    kind character varying(10) NOT NULL,
    who text NOT NULL,
    at timestamp without time zone NOT NULL,
    at_s double precision,
    text text NOT NULL,
    outcome character varying(10),
    scores json,
    words_sha256 character varying(64)
);
CREATE SEQUENCE public.appeal_steps_step_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.appeal_steps_step_id_seq OWNED BY public.appeal_steps.step_id;
CREATE TABLE public.appeals (
    appeal_id integer NOT NULL,
    call_id text NOT NULL,
    item text NOT NULL,
    at_s double precision,
    text text NOT NULL,
    who text NOT NULL,
    filed_at timestamp without time zone NOT NULL,
    first_inspectors json NOT NULL,
    file_by timestamp without time zone,
    reply_by timestamp without time zone NOT NULL,
    decide_by timestamp without time zone NOT NULL,
    words_sha256 character varying(64)
);
CREATE SEQUENCE public.appeals_appeal_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.appeals_appeal_id_seq OWNED BY public.appeals.appeal_id;
CREATE TABLE public.archives (
    archive_id integer NOT NULL,
    path text NOT NULL,
    mark character varying(32) NOT NULL,
    who text NOT NULL,
    made_at timestamp without time zone NOT NULL
);
CREATE SEQUENCE public.archives_archive_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.archives_archive_id_seq OWNED BY public.archives.archive_id;
CREATE TABLE public.assignments (
    hand_out_id integer NOT NULL,
    inspector text NOT NULL,
    call_id text NOT NULL,
    place integer NOT NULL,
    purpose character varying(6) NOT NULL
);
CREATE TABLE public.audit_events (
    event_id integer NOT NULL,
    uuid character varying(32) NOT NULL,
    at timestamp without time zone NOT NULL,
    who text NOT NULL,
    call_id text NOT NULL,
    ticket text,
    kind character varying(16) NOT NULL,
    payload json NOT NULL,
    blind boolean NOT NULL,
    rubric_sha256 character varying(64) NOT NULL,
    rubric_version text NOT NULL,
    transcript_sha256 character varying(64),
    words_sha256 character varying(64)
);
CREATE SEQUENCE public.audit_events_event_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.audit_events_event_id_seq OWNED BY public.audit_events.event_id;
CREATE TABLE public.audit_words (
    event_id integer NOT NULL,
    salt character varying(32) NOT NULL,
    words json NOT NULL
);
CREATE TABLE public.call_changes (
    change_id integer NOT NULL,
    import_id integer NOT NULL,
    call_id text NOT NULL,
    before json
);
CREATE SEQUENCE public.call_changes_change_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.call_changes_change_id_seq OWNED BY public.call_changes.change_id;
CREATE TABLE public.calls (
    call_id text NOT NULL,
    sha256 character varying(64),
    named_recording text,
    agent_no text,
    agent_name text,
    team text,
    start timestamp without time zone,
    direction character varying(8),
    customer_no text,
    ring_s double precision,
    duration_s double precision,
    internal boolean,
    hangup_by character varying(8),
    line text,
    system text,
    extra json NOT NULL,
    source character varying(9) NOT NULL,
    superseded_by text,
    changed_in integer NOT NULL
);
CREATE TABLE public.chain (
    place integer NOT NULL,
    source character varying(32) NOT NULL,
    row_id integer NOT NULL,
    digest character varying(64) NOT NULL,
    head character varying(64) NOT NULL
);
CREATE TABLE public.closing_erasures (
    closing_erasure_id integer NOT NULL,
    closing_id integer NOT NULL,
    files json NOT NULL,
    reason text NOT NULL,
    who text NOT NULL,
    erased_at timestamp without time zone NOT NULL
);
CREATE SEQUENCE public.closing_erasures_closing_erasure_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.closing_erasures_closing_erasure_id_seq OWNED BY public.closing_erasures.closing_erasure_id;
CREATE TABLE public.closing_files (
    closing_id integer NOT NULL,
    name character varying(200) NOT NULL,
    content bytea NOT NULL
);
CREATE TABLE public.closings (
    closing_id integer NOT NULL,
    month character varying(7) NOT NULL,
    version integer NOT NULL,
    kind character varying(6) NOT NULL,
    reason text,
    receipt character varying(64),
    code_version text NOT NULL,
    who text NOT NULL,
    at timestamp without time zone NOT NULL
);
CREATE SEQUENCE public.closings_closing_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.closings_closing_id_seq OWNED BY public.closings.closing_id;
CREATE TABLE public.coachings (
    coaching_id integer NOT NULL,
    agent text NOT NULL,
    items json NOT NULL,
    text text NOT NULL,
    coached_at timestamp without time zone NOT NULL,
    who text NOT NULL,
    noted_at timestamp without time zone NOT NULL
);
CREATE SEQUENCE public.coachings_coaching_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.coachings_coaching_id_seq OWNED BY public.coachings.coaching_id;
CREATE TABLE public.complaint_steps (
    step_id integer NOT NULL,
    complaint_id integer NOT NULL,
    kind character varying(10) NOT NULL,
    who text NOT NULL,
    at timestamp without time zone NOT NULL,
    text text NOT NULL,
    call_id text,
    at_s double precision,
    outcome character varying(12),
    evidence json,
    words_sha256 character varying(64)
);
CREATE SEQUENCE public.complaint_steps_step_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.complaint_steps_step_id_seq OWNED BY public.complaint_steps.step_id;
CREATE TABLE public.complaints (
    complaint_id integer NOT NULL,
    customer_no text,
    text text NOT NULL,
    who text NOT NULL,
    opened_at timestamp without time zone NOT NULL,
    words_sha256 character varying(64)
);
CREATE SEQUENCE public.complaints_complaint_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.complaints_complaint_id_seq OWNED BY public.complaints.complaint_id;
CREATE TABLE public.confirmations (
    confirmation_id integer NOT NULL,
    month character varying(7) NOT NULL,
    agent text NOT NULL,
    agreed boolean NOT NULL,
    figure text NOT NULL,
    note text,
    who text NOT NULL,
    at timestamp without time zone NOT NULL
);
CREATE SEQUENCE public.confirmations_confirmation_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.confirmations_confirmation_id_seq OWNED BY public.confirmations.confirmation_id;
CREATE TABLE public.decision_erasures (
    decision_erasure_id integer NOT NULL,
    erased_at timestamp without time zone NOT NULL,
    who text NOT NULL,
    reason text NOT NULL,
    erased json NOT NULL
);
CREATE SEQUENCE public.decision_erasures_decision_erasure_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.decision_erasures_decision_erasure_id_seq OWNED BY public.decision_erasures.decision_erasure_id;
CREATE TABLE public.decision_words (
    source character varying(32) NOT NULL,
    row_id integer NOT NULL,
    salt character varying(32) NOT NULL,
    words json NOT NULL
);
CREATE TABLE public.draw_locks (
    draw_id integer NOT NULL,
    hand_out_id integer NOT NULL,
    receipt character varying(64) NOT NULL,
    who text NOT NULL,
    locked_at timestamp without time zone NOT NULL
);
CREATE TABLE public.draws (
    draw_id integer NOT NULL,
    month character varying(7) NOT NULL,
    kind character varying(9) NOT NULL,
    frame_id integer,
    seed character varying(64),
    nonces json,
    instead_of integer,
    reason text,
    code_version text NOT NULL,
    receipt character varying(64) NOT NULL,
    who text NOT NULL,
    drawn_at timestamp without time zone NOT NULL
);
CREATE SEQUENCE public.draws_draw_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.draws_draw_id_seq OWNED BY public.draws.draw_id;
CREATE TABLE public.erasures (
    erasure_id integer NOT NULL,
    erased_at timestamp without time zone NOT NULL,
    who text NOT NULL,
    reason text NOT NULL,
    event_ids json NOT NULL
);
CREATE SEQUENCE public.erasures_erasure_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.erasures_erasure_id_seq OWNED BY public.erasures.erasure_id;
CREATE TABLE public.fault_clips (
    clip_id integer NOT NULL,
    fault character varying(32) NOT NULL,
    call_id text NOT NULL,
    start_s double precision NOT NULL,
    end_s double precision NOT NULL,
    sha256 character varying(64) NOT NULL,
    kept_at timestamp without time zone NOT NULL
);
CREATE SEQUENCE public.fault_clips_clip_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.fault_clips_clip_id_seq OWNED BY public.fault_clips.clip_id;
CREATE TABLE public.fixed (
    name text NOT NULL,
    value text NOT NULL
);
CREATE TABLE public.folders (
    folder_id integer NOT NULL,
    path text NOT NULL
);
CREATE SEQUENCE public.folders_folder_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.folders_folder_id_seq OWNED BY public.folders.folder_id;
CREATE TABLE public.hand_outs (
    hand_out_id integer NOT NULL,
    draw_id integer NOT NULL,
    inspectors json NOT NULL,
    twice text NOT NULL,
    common integer NOT NULL,
    after_replacement integer NOT NULL,
    who text NOT NULL,
    handed_out_at timestamp without time zone NOT NULL
);
CREATE SEQUENCE public.hand_outs_hand_out_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.hand_outs_hand_out_id_seq OWNED BY public.hand_outs.hand_out_id;
CREATE TABLE public.hold_events (
    hold_event_id integer NOT NULL,
    call_id text NOT NULL,
    kind character varying(4) NOT NULL,
    reason text NOT NULL,
    who text NOT NULL,
    at timestamp without time zone NOT NULL
);
CREATE SEQUENCE public.hold_events_hold_event_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.hold_events_hold_event_id_seq OWNED BY public.hold_events.hold_event_id;
CREATE TABLE public.imports (
    import_id integer NOT NULL,
    imported_at timestamp without time zone NOT NULL,
    who text NOT NULL,
    folder text,
    list_name text,
    list_sha256 character varying(64),
    roster_name text,
    roster_sha256 character varying(64),
    counts json NOT NULL
);
CREATE SEQUENCE public.imports_import_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.imports_import_id_seq OWNED BY public.imports.import_id;
CREATE TABLE public.jobs (
    key character varying(64) NOT NULL,
    sha256 character varying(64) NOT NULL,
    state character varying(8) NOT NULL,
    attempts integer NOT NULL,
    host text,
    machine text,
    pid integer,
    token character varying(32),
    lease_end timestamp without time zone,
    heartbeat_at timestamp without time zone,
    started_at timestamp without time zone,
    finished_at timestamp without time zone,
    audio_s double precision,
    spent_s double precision,
    code text,
    "values" json
);
CREATE TABLE public.plays (
    play_id integer NOT NULL,
    call_id text NOT NULL,
    who text NOT NULL,
    at timestamp without time zone NOT NULL,
    start_s double precision NOT NULL,
    end_s double precision NOT NULL,
    place character varying(8) NOT NULL
);
CREATE SEQUENCE public.plays_play_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.plays_play_id_seq OWNED BY public.plays.play_id;
CREATE TABLE public.praises (
    praise_id integer NOT NULL,
    call_id text NOT NULL,
    at_s double precision,
    text text NOT NULL,
    who text NOT NULL,
    praised_at timestamp without time zone NOT NULL
);
CREATE SEQUENCE public.praises_praise_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.praises_praise_id_seq OWNED BY public.praises.praise_id;
CREATE TABLE public.recording_events (
    recording_event_id integer NOT NULL,
    task character varying(32) NOT NULL,
    kind character varying(8) NOT NULL,
    sha256 character varying(64) NOT NULL,
    size_bytes bigint NOT NULL,
    folder text NOT NULL,
    path text NOT NULL,
    to_folder text,
    call_ids json NOT NULL,
    reason text,
    who text NOT NULL,
    at timestamp without time zone NOT NULL
);
CREATE SEQUENCE public.recording_events_recording_event_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.recording_events_recording_event_id_seq OWNED BY public.recording_events.recording_event_id;
CREATE TABLE public.recording_files (
    folder_id integer NOT NULL,
    path text NOT NULL,
    stem_key text NOT NULL,
    sha256 character varying(64) NOT NULL,
    size_bytes bigint NOT NULL,
    mtime_ns bigint NOT NULL,
    present boolean NOT NULL
);
CREATE TABLE public.recordings (
    sha256 character varying(64) NOT NULL,
    size_bytes bigint NOT NULL,
    added_in integer NOT NULL
);
CREATE TABLE public.replacements (
    replacement_id integer NOT NULL,
    draw_id integer NOT NULL,
    call_id text NOT NULL,
    reason character varying(12) NOT NULL,
    replaced_by text,
    who text NOT NULL,
    replaced_at timestamp without time zone NOT NULL
);
CREATE SEQUENCE public.replacements_replacement_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.replacements_replacement_id_seq OWNED BY public.replacements.replacement_id;
CREATE TABLE public.role_events (
    role_event_id integer NOT NULL,
    kind character varying(6) NOT NULL,
    login text NOT NULL,
    name text NOT NULL,
    role character varying(11) NOT NULL,
    agent text,
    reason text NOT NULL,
    who text NOT NULL,
    at timestamp without time zone NOT NULL
);
CREATE SEQUENCE public.role_events_role_event_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.role_events_role_event_id_seq OWNED BY public.role_events.role_event_id;
CREATE TABLE public.roster (
    roster_id integer NOT NULL,
    person_id text NOT NULL,
    agent_name text,
    new_no text,
    old_no text,
    team text,
    start_date date,
    end_date date,
    added_in integer NOT NULL,
    removed_in integer
);
CREATE SEQUENCE public.roster_roster_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.roster_roster_id_seq OWNED BY public.roster.roster_id;
CREATE TABLE public.rule_status_events (
    rule_status_event_id integer NOT NULL,
    item text NOT NULL,
    rule_sha256 character varying(64) NOT NULL,
    rubric text NOT NULL,
    rubric_version text NOT NULL,
    rubric_sha256 character varying(64) NOT NULL,
    before character varying(9) NOT NULL,
    status character varying(9) NOT NULL,
    overridden boolean NOT NULL,
    figures json NOT NULL,
    from_month character varying(7) NOT NULL,
    reason text NOT NULL,
    who text NOT NULL,
    at timestamp without time zone NOT NULL
);
CREATE SEQUENCE public.rule_status_events_rule_status_event_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.rule_status_events_rule_status_event_id_seq OWNED BY public.rule_status_events.rule_status_event_id;
CREATE TABLE public.rulings (
    ruling_id integer NOT NULL,
    call_id text NOT NULL,
    item text NOT NULL,
    source character varying(12) NOT NULL,
    appeal_id integer,
    verdict character varying(14) NOT NULL,
    points double precision,
    critical boolean,
    by json NOT NULL,
    reason text NOT NULL,
    ruled_at timestamp without time zone NOT NULL,
    rubric_sha256 character varying(64) NOT NULL,
    rubric_version text NOT NULL,
    words_sha256 character varying(64)
);
CREATE SEQUENCE public.rulings_ruling_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.rulings_ruling_id_seq OWNED BY public.rulings.ruling_id;
CREATE TABLE public.sample_frames (
    frame_id integer NOT NULL,
    month character varying(7) NOT NULL,
    sha256 character varying(64) NOT NULL,
    content bytea NOT NULL,
    who text NOT NULL,
    frozen_at timestamp without time zone NOT NULL
);
CREATE SEQUENCE public.sample_frames_frame_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.sample_frames_frame_id_seq OWNED BY public.sample_frames.frame_id;
CREATE TABLE public.schema_version (
    version integer NOT NULL,
    applied_at timestamp without time zone NOT NULL
);
CREATE TABLE public.seed_commitments (
    commitment_id integer NOT NULL,
    month character varying(7) NOT NULL,
    who text NOT NULL,
    sha256 character varying(64) NOT NULL,
    committed_at timestamp without time zone NOT NULL
);
CREATE SEQUENCE public.seed_commitments_commitment_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.seed_commitments_commitment_id_seq OWNED BY public.seed_commitments.commitment_id;
CREATE TABLE public.tickets (
    draw_id integer NOT NULL,
    call_id text NOT NULL,
    agent text,
    stratum character varying(7),
    ticket character varying(64),
    place integer,
    stratum_calls integer,
    stratum_drawn integer,
    inclusion double precision
);
CREATE TABLE public.vexatious_events (
    event_id integer NOT NULL,
    customer_no text NOT NULL,
    listed boolean NOT NULL,
    who text NOT NULL,
    reason text NOT NULL,
    at timestamp without time zone NOT NULL,
    words_sha256 character varying(64)
);
CREATE SEQUENCE public.vexatious_events_event_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.vexatious_events_event_id_seq OWNED BY public.vexatious_events.event_id;
ALTER TABLE ONLY public.appeal_steps ALTER COLUMN step_id SET DEFAULT nextval('public.appeal_steps_step_id_seq'::regclass);
ALTER TABLE ONLY public.appeals ALTER COLUMN appeal_id SET DEFAULT nextval('public.appeals_appeal_id_seq'::regclass);
ALTER TABLE ONLY public.archives ALTER COLUMN archive_id SET DEFAULT nextval('public.archives_archive_id_seq'::regclass);
ALTER TABLE ONLY public.audit_events ALTER COLUMN event_id SET DEFAULT nextval('public.audit_events_event_id_seq'::regclass);
ALTER TABLE ONLY public.call_changes ALTER COLUMN change_id SET DEFAULT nextval('public.call_changes_change_id_seq'::regclass);
ALTER TABLE ONLY public.closing_erasures ALTER COLUMN closing_erasure_id SET DEFAULT nextval('public.closing_erasures_closing_erasure_id_seq'::regclass);
ALTER TABLE ONLY public.closings ALTER COLUMN closing_id SET DEFAULT nextval('public.closings_closing_id_seq'::regclass);
ALTER TABLE ONLY public.coachings ALTER COLUMN coaching_id SET DEFAULT nextval('public.coachings_coaching_id_seq'::regclass);
ALTER TABLE ONLY public.complaint_steps ALTER COLUMN step_id SET DEFAULT nextval('public.complaint_steps_step_id_seq'::regclass);
ALTER TABLE ONLY public.complaints ALTER COLUMN complaint_id SET DEFAULT nextval('public.complaints_complaint_id_seq'::regclass);
ALTER TABLE ONLY public.confirmations ALTER COLUMN confirmation_id SET DEFAULT nextval('public.confirmations_confirmation_id_seq'::regclass);
ALTER TABLE ONLY public.decision_erasures ALTER COLUMN decision_erasure_id SET DEFAULT nextval('public.decision_erasures_decision_erasure_id_seq'::regclass);
ALTER TABLE ONLY public.draws ALTER COLUMN draw_id SET DEFAULT nextval('public.draws_draw_id_seq'::regclass);
ALTER TABLE ONLY public.erasures ALTER COLUMN erasure_id SET DEFAULT nextval('public.erasures_erasure_id_seq'::regclass);
ALTER TABLE ONLY public.fault_clips ALTER COLUMN clip_id SET DEFAULT nextval('public.fault_clips_clip_id_seq'::regclass);
ALTER TABLE ONLY public.folders ALTER COLUMN folder_id SET DEFAULT nextval('public.folders_folder_id_seq'::regclass);
ALTER TABLE ONLY public.hand_outs ALTER COLUMN hand_out_id SET DEFAULT nextval('public.hand_outs_hand_out_id_seq'::regclass);
ALTER TABLE ONLY public.hold_events ALTER COLUMN hold_event_id SET DEFAULT nextval('public.hold_events_hold_event_id_seq'::regclass);
ALTER TABLE ONLY public.imports ALTER COLUMN import_id SET DEFAULT nextval('public.imports_import_id_seq'::regclass);
ALTER TABLE ONLY public.plays ALTER COLUMN play_id SET DEFAULT nextval('public.plays_play_id_seq'::regclass);
ALTER TABLE ONLY public.praises ALTER COLUMN praise_id SET DEFAULT nextval('public.praises_praise_id_seq'::regclass);
ALTER TABLE ONLY public.recording_events ALTER COLUMN recording_event_id SET DEFAULT nextval('public.recording_events_recording_event_id_seq'::regclass);
ALTER TABLE ONLY public.replacements ALTER COLUMN replacement_id SET DEFAULT nextval('public.replacements_replacement_id_seq'::regclass);
ALTER TABLE ONLY public.role_events ALTER COLUMN role_event_id SET DEFAULT nextval('public.role_events_role_event_id_seq'::regclass);
ALTER TABLE ONLY public.roster ALTER COLUMN roster_id SET DEFAULT nextval('public.roster_roster_id_seq'::regclass);
ALTER TABLE ONLY public.rule_status_events ALTER COLUMN rule_status_event_id SET DEFAULT nextval('public.rule_status_events_rule_status_event_id_seq'::regclass);
ALTER TABLE ONLY public.rulings ALTER COLUMN ruling_id SET DEFAULT nextval('public.rulings_ruling_id_seq'::regclass);
ALTER TABLE ONLY public.sample_frames ALTER COLUMN frame_id SET DEFAULT nextval('public.sample_frames_frame_id_seq'::regclass);
ALTER TABLE ONLY public.seed_commitments ALTER COLUMN commitment_id SET DEFAULT nextval('public.seed_commitments_commitment_id_seq'::regclass);
ALTER TABLE ONLY public.vexatious_events ALTER COLUMN event_id SET DEFAULT nextval('public.vexatious_events_event_id_seq'::regclass);
INSERT INTO public.appeal_steps VALUES (5, 3, 'decision', '赵六', '2026-11-04 09:00:00', NULL, '说了', 'overturned', '{"王芳": [90.5, 95.0]}', NULL);
INSERT INTO public.appeals VALUES (3, 'c1', 'closing', 2, '录音里说了', '李敏', '2026-11-03 09:00:00', '["王芳"]', NULL, '2026-11-05 09:00:00.25', '2026-11-10 09:00:00', NULL);
INSERT INTO public.audit_events VALUES (4, 'e4', '2026-11-03 09:00:00', '李敏', 'c1', NULL, 'comment', '{"kind": "comment", "text": null}', true, 'r', '1', NULL, '48b21cca1c923ddc1d078b7e290a58d97b21d8810c9935946969fa758836cecf');
INSERT INTO public.audit_events VALUES (7, 'e7', '2026-11-03 09:01:00.5', '李敏', 'c1', '0042', 'fault', '{"kind": "fault", "fault": "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "item": "closing", "severity": "minor", "start_s": 1.0, "end_s": 2.5, "should_say": null, "comment": ""}', false, 'r', '1', 't', '725eedf3f0baf6b0c770392c65f40dbb569b4e9430837822da95a3a55ce7aedc');
INSERT INTO public.audit_words VALUES (4, 'eddfa52888f9524838f3b34f0357c519', '{"text": "\u8bed\u901f\u504f\u5feb"}');
INSERT INTO public.audit_words VALUES (7, 'bc0d7c0d8f950ec9fb4965c74d3571a1', '{"should_say": "\u611f\u8c22\u6765\u7535"}');
INSERT INTO public.chain VALUES (1, 'audit_events', 4, 'c381e47cda7019d2109e60f7ac23d97f41b2502af2b947d5e9494666878b9a63', '3f8212f0c395aae189bf2a1a759602bedfc8fe1cfce62a6db62e5d832211e7c3');
INSERT INTO public.chain VALUES (2, 'audit_events', 7, 'c01ec15d61e1ba7d790732dc6da03b4a30b7c986058641f08135932afe0396b4', 'bb992659037e40c2f34797533c419bdf3d77cfa68942ca7ad535e2ac92cb08c1');
INSERT INTO public.chain VALUES (3, 'appeals', 3, '71a595d388fb94ddc7d0bd580cac8036c0995d5c84e962f04ea6e9a12a40f0a5', '3d46103af55e54aa2aec8c38159a8011bfcb8bcee90dc4dcd61a0d62e52dd7d4');
INSERT INTO public.chain VALUES (4, 'appeal_steps', 5, '384bb278de0ae1ef75a81858fcde3aed6e1dcb7d315079d0f72d5da1550009e6', '2aee0192abce9d2e3ffdb70ad80149e99b901cde8fb85e25876632ba824e46c3');
INSERT INTO public.chain VALUES (5, 'rulings', 1, '1c24f439f57fad8bba849f6622e956d6181b9fdf306e7f7c8cf018af40a7b88d', 'dfc6101a35a52a54d6292e38e44db808b090fa23f5efc5a6d84c9cdafb95be40');
INSERT INTO public.chain VALUES (6, 'complaints', 1, '6cecffecd99106db0c42a3c8060402b627f39dc166926a1f5520016a92776322', '8d2b5c363b4199e8ad64c3a0345140c80b82a0820d444f17a2ab1772fa694dda');
INSERT INTO public.chain VALUES (7, 'confirmations', 1, '4736ea7bea484b817cda2bd2328fd5c492b6691fb0ed883c2a7e78b0b9c10a89', 'e7b14132aa507178daf708fcfc8f18c0eefa8cc943d34d95cf58f55b54b5769c');
INSERT INTO public.chain VALUES (8, 'hold_events', 1, '743bef14012c90fc4c6c0abfcddeddf9b69d15f9cf75ff334833d2cabf500eca', '9b14767c9c64eb1d02d465a4ab68ec32ab0e109162ce202f87b4bba97d10d857');
INSERT INTO public.complaints VALUES (1, NULL, '态度差', '赵六', '2026-11-04 09:00:00', NULL);
INSERT INTO public.confirmations VALUES (1, '2026-10', '8001', true, '95.50', NULL, '李敏', '2026-11-04 09:00:00');
INSERT INTO public.hold_events VALUES (1, 'c1', 'add', '投诉', '赵六', '2026-11-04 09:00:00');
INSERT INTO public.imports VALUES (1, '2026-09-01 08:00:00', 'qa', '/录音', NULL, NULL, NULL, NULL, '{}');
INSERT INTO public.jobs VALUES ('k1', 'aa', 'failed', 1, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '2026-09-02 09:00:00', NULL, NULL, 'audio.channels', '{"path": "/\u5f55\u97f3/a.wav", "channels": 3}');
INSERT INTO public.jobs VALUES ('k2', 'bb', 'waiting', 1, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '2026-09-02 09:01:00', NULL, NULL, 'transcribe.failed', '{"path": "/\u5f55\u97f3/b.wav", "reason": "x"}');
INSERT INTO public.recordings VALUES ('aa', 10, 1);
INSERT INTO public.recordings VALUES ('bb', 20, 1);
INSERT INTO public.rulings VALUES (1, 'c1', 'closing', 'appeal', 3, 'pass', 1.5, true, '["赵六"]', '说了', '2026-11-04 09:00:00', 'r', '1', NULL);
INSERT INTO public.schema_version VALUES (1, '2026-09-01 08:00:00');
INSERT INTO public.schema_version VALUES (2, '2026-12-01 02:55:58.860102');
INSERT INTO public.schema_version VALUES (3, '2026-12-01 02:55:58.877592');
INSERT INTO public.schema_version VALUES (4, '2026-12-01 02:55:58.945733');
INSERT INTO public.schema_version VALUES (5, '2026-12-01 02:55:58.989226');
INSERT INTO public.schema_version VALUES (6, '2026-12-01 02:55:59.057547');
INSERT INTO public.schema_version VALUES (7, '2026-12-01 02:55:59.09898');
INSERT INTO public.schema_version VALUES (8, '2026-12-01 02:55:59.126093');
INSERT INTO public.schema_version VALUES (9, '2026-12-01 02:55:59.195435');
INSERT INTO public.schema_version VALUES (10, '2026-12-01 02:55:59.273945');
INSERT INTO public.schema_version VALUES (11, '2026-12-01 02:55:59.2834');
INSERT INTO public.schema_version VALUES (12, '2026-12-01 02:55:59.297658');
INSERT INTO public.schema_version VALUES (13, '2026-12-01 02:55:59.312725');
SELECT pg_catalog.setval('public.appeal_steps_step_id_seq', 5, true);
SELECT pg_catalog.setval('public.appeals_appeal_id_seq', 3, true);
SELECT pg_catalog.setval('public.archives_archive_id_seq', 1, false);
SELECT pg_catalog.setval('public.audit_events_event_id_seq', 7, true);
SELECT pg_catalog.setval('public.call_changes_change_id_seq', 1, false);
SELECT pg_catalog.setval('public.closing_erasures_closing_erasure_id_seq', 1, false);
SELECT pg_catalog.setval('public.closings_closing_id_seq', 1, false);
SELECT pg_catalog.setval('public.coachings_coaching_id_seq', 1, false);
SELECT pg_catalog.setval('public.complaint_steps_step_id_seq', 1, false);
SELECT pg_catalog.setval('public.complaints_complaint_id_seq', 1, true);
SELECT pg_catalog.setval('public.confirmations_confirmation_id_seq', 1, true);
SELECT pg_catalog.setval('public.decision_erasures_decision_erasure_id_seq', 1, false);
SELECT pg_catalog.setval('public.draws_draw_id_seq', 1, false);
SELECT pg_catalog.setval('public.erasures_erasure_id_seq', 1, false);
SELECT pg_catalog.setval('public.fault_clips_clip_id_seq', 1, false);
SELECT pg_catalog.setval('public.folders_folder_id_seq', 1, false);
SELECT pg_catalog.setval('public.hand_outs_hand_out_id_seq', 1, false);
SELECT pg_catalog.setval('public.hold_events_hold_event_id_seq', 1, true);
SELECT pg_catalog.setval('public.imports_import_id_seq', 1, false);
SELECT pg_catalog.setval('public.plays_play_id_seq', 1, false);
SELECT pg_catalog.setval('public.praises_praise_id_seq', 1, false);
SELECT pg_catalog.setval('public.recording_events_recording_event_id_seq', 1, false);
SELECT pg_catalog.setval('public.replacements_replacement_id_seq', 1, false);
SELECT pg_catalog.setval('public.role_events_role_event_id_seq', 1, false);
SELECT pg_catalog.setval('public.roster_roster_id_seq', 1, false);
SELECT pg_catalog.setval('public.rule_status_events_rule_status_event_id_seq', 1, false);
SELECT pg_catalog.setval('public.rulings_ruling_id_seq', 1, true);
SELECT pg_catalog.setval('public.sample_frames_frame_id_seq', 1, false);
SELECT pg_catalog.setval('public.seed_commitments_commitment_id_seq', 1, false);
SELECT pg_catalog.setval('public.vexatious_events_event_id_seq', 1, false);
ALTER TABLE ONLY public.appeal_steps
    ADD CONSTRAINT pk_appeal_steps PRIMARY KEY (step_id);
ALTER TABLE ONLY public.appeals
    ADD CONSTRAINT pk_appeals PRIMARY KEY (appeal_id);
ALTER TABLE ONLY public.archives
    ADD CONSTRAINT pk_archives PRIMARY KEY (archive_id);
ALTER TABLE ONLY public.assignments
    ADD CONSTRAINT pk_assignments PRIMARY KEY (hand_out_id, inspector, call_id);
ALTER TABLE ONLY public.audit_events
    ADD CONSTRAINT pk_audit_events PRIMARY KEY (event_id);
ALTER TABLE ONLY public.audit_words
    ADD CONSTRAINT pk_audit_words PRIMARY KEY (event_id);
ALTER TABLE ONLY public.call_changes
    ADD CONSTRAINT pk_call_changes PRIMARY KEY (change_id);
ALTER TABLE ONLY public.calls
    ADD CONSTRAINT pk_calls PRIMARY KEY (call_id);
ALTER TABLE ONLY public.chain
    ADD CONSTRAINT pk_chain PRIMARY KEY (place);
ALTER TABLE ONLY public.closing_erasures
    ADD CONSTRAINT pk_closing_erasures PRIMARY KEY (closing_erasure_id);
ALTER TABLE ONLY public.closing_files
    ADD CONSTRAINT pk_closing_files PRIMARY KEY (closing_id, name);
ALTER TABLE ONLY public.closings
    ADD CONSTRAINT pk_closings PRIMARY KEY (closing_id);
ALTER TABLE ONLY public.coachings
    ADD CONSTRAINT pk_coachings PRIMARY KEY (coaching_id);
ALTER TABLE ONLY public.complaint_steps
    ADD CONSTRAINT pk_complaint_steps PRIMARY KEY (step_id);
ALTER TABLE ONLY public.complaints
    ADD CONSTRAINT pk_complaints PRIMARY KEY (complaint_id);
ALTER TABLE ONLY public.confirmations
    ADD CONSTRAINT pk_confirmations PRIMARY KEY (confirmation_id);
ALTER TABLE ONLY public.decision_erasures
    ADD CONSTRAINT pk_decision_erasures PRIMARY KEY (decision_erasure_id);
ALTER TABLE ONLY public.decision_words
    ADD CONSTRAINT pk_decision_words PRIMARY KEY (source, row_id);
ALTER TABLE ONLY public.draw_locks
    ADD CONSTRAINT pk_draw_locks PRIMARY KEY (draw_id);
ALTER TABLE ONLY public.draws
    ADD CONSTRAINT pk_draws PRIMARY KEY (draw_id);
ALTER TABLE ONLY public.erasures
    ADD CONSTRAINT pk_erasures PRIMARY KEY (erasure_id);
ALTER TABLE ONLY public.fault_clips
    ADD CONSTRAINT pk_fault_clips PRIMARY KEY (clip_id);
ALTER TABLE ONLY public.fixed
    ADD CONSTRAINT pk_fixed PRIMARY KEY (name);
ALTER TABLE ONLY public.folders
    ADD CONSTRAINT pk_folders PRIMARY KEY (folder_id);
ALTER TABLE ONLY public.hand_outs
    ADD CONSTRAINT pk_hand_outs PRIMARY KEY (hand_out_id);
ALTER TABLE ONLY public.hold_events
    ADD CONSTRAINT pk_hold_events PRIMARY KEY (hold_event_id);
ALTER TABLE ONLY public.imports
    ADD CONSTRAINT pk_imports PRIMARY KEY (import_id);
ALTER TABLE ONLY public.jobs
    ADD CONSTRAINT pk_jobs PRIMARY KEY (key);
ALTER TABLE ONLY public.plays
    ADD CONSTRAINT pk_plays PRIMARY KEY (play_id);
ALTER TABLE ONLY public.praises
    ADD CONSTRAINT pk_praises PRIMARY KEY (praise_id);
ALTER TABLE ONLY public.recording_events
    ADD CONSTRAINT pk_recording_events PRIMARY KEY (recording_event_id);
ALTER TABLE ONLY public.recording_files
    ADD CONSTRAINT pk_recording_files PRIMARY KEY (folder_id, path);
ALTER TABLE ONLY public.recordings
    ADD CONSTRAINT pk_recordings PRIMARY KEY (sha256);
ALTER TABLE ONLY public.replacements
    ADD CONSTRAINT pk_replacements PRIMARY KEY (replacement_id);
ALTER TABLE ONLY public.role_events
    ADD CONSTRAINT pk_role_events PRIMARY KEY (role_event_id);
ALTER TABLE ONLY public.roster
    ADD CONSTRAINT pk_roster PRIMARY KEY (roster_id);
ALTER TABLE ONLY public.rule_status_events
    ADD CONSTRAINT pk_rule_status_events PRIMARY KEY (rule_status_event_id);
ALTER TABLE ONLY public.rulings
    ADD CONSTRAINT pk_rulings PRIMARY KEY (ruling_id);
ALTER TABLE ONLY public.sample_frames
    ADD CONSTRAINT pk_sample_frames PRIMARY KEY (frame_id);
ALTER TABLE ONLY public.schema_version
    ADD CONSTRAINT pk_schema_version PRIMARY KEY (version);
ALTER TABLE ONLY public.seed_commitments
    ADD CONSTRAINT pk_seed_commitments PRIMARY KEY (commitment_id);
ALTER TABLE ONLY public.tickets
    ADD CONSTRAINT pk_tickets PRIMARY KEY (draw_id, call_id);
ALTER TABLE ONLY public.vexatious_events
    ADD CONSTRAINT pk_vexatious_events PRIMARY KEY (event_id);
ALTER TABLE ONLY public.archives
    ADD CONSTRAINT uq_archives_path UNIQUE (path);
ALTER TABLE ONLY public.audit_events
    ADD CONSTRAINT uq_audit_events_uuid UNIQUE (uuid);
ALTER TABLE ONLY public.chain
    ADD CONSTRAINT uq_chain_source UNIQUE (source, row_id);
ALTER TABLE ONLY public.folders
    ADD CONSTRAINT uq_folders_path UNIQUE (path);
CREATE INDEX ix_appeal_steps_appeal_id ON public.appeal_steps USING btree (appeal_id);
CREATE INDEX ix_appeals_call_id ON public.appeals USING btree (call_id);
CREATE INDEX ix_audit_events_call_id ON public.audit_events USING btree (call_id);
CREATE INDEX ix_audit_events_sheet ON public.audit_events USING btree (who, call_id, event_id);
CREATE INDEX ix_call_changes_call_id ON public.call_changes USING btree (call_id);
CREATE INDEX ix_call_changes_import_id ON public.call_changes USING btree (import_id);
CREATE INDEX ix_calls_agent_no ON public.calls USING btree (agent_no);
CREATE INDEX ix_calls_agent_start ON public.calls USING btree (agent_no, start);
CREATE INDEX ix_calls_sha256 ON public.calls USING btree (sha256);
CREATE INDEX ix_calls_start ON public.calls USING btree (start);
CREATE INDEX ix_closing_erasures_closing_id ON public.closing_erasures USING btree (closing_id);
CREATE INDEX ix_closings_month ON public.closings USING btree (month);
CREATE INDEX ix_coachings_agent ON public.coachings USING btree (agent);
CREATE INDEX ix_complaint_steps_complaint_id ON public.complaint_steps USING btree (complaint_id);
CREATE INDEX ix_confirmations_month ON public.confirmations USING btree (month);
CREATE INDEX ix_draws_month ON public.draws USING btree (month);
CREATE INDEX ix_fault_clips_fault ON public.fault_clips USING btree (fault);
CREATE INDEX ix_hand_outs_draw_id ON public.hand_outs USING btree (draw_id);
CREATE INDEX ix_hold_events_call_id ON public.hold_events USING btree (call_id);
CREATE INDEX ix_jobs_sha256 ON public.jobs USING btree (sha256);
CREATE INDEX ix_jobs_state ON public.jobs USING btree (state);
CREATE INDEX ix_jobs_token ON public.jobs USING btree (token);
CREATE INDEX ix_plays_at ON public.plays USING btree (at);
CREATE INDEX ix_plays_call_id ON public.plays USING btree (call_id);
CREATE INDEX ix_plays_who ON public.plays USING btree (who);
CREATE INDEX ix_praises_call_id ON public.praises USING btree (call_id);
CREATE INDEX ix_recording_events_file ON public.recording_events USING btree (folder, path);
CREATE INDEX ix_recording_events_sha256 ON public.recording_events USING btree (sha256);
CREATE INDEX ix_recording_events_task ON public.recording_events USING btree (task);
CREATE INDEX ix_recording_files_sha256 ON public.recording_files USING btree (sha256);
CREATE INDEX ix_recording_files_stem_key ON public.recording_files USING btree (stem_key);
CREATE INDEX ix_replacements_draw_id ON public.replacements USING btree (draw_id);
CREATE INDEX ix_role_events_login ON public.role_events USING btree (login);
CREATE INDEX ix_rule_status_events_item ON public.rule_status_events USING btree (item);
CREATE INDEX ix_rulings_call_id ON public.rulings USING btree (call_id);
CREATE INDEX ix_sample_frames_month ON public.sample_frames USING btree (month);
CREATE INDEX ix_seed_commitments_month ON public.seed_commitments USING btree (month);
CREATE INDEX ix_vexatious_events_customer_no ON public.vexatious_events USING btree (customer_no);
ALTER TABLE ONLY public.appeal_steps
    ADD CONSTRAINT fk_appeal_steps_appeal_id_appeals FOREIGN KEY (appeal_id) REFERENCES public.appeals(appeal_id);
ALTER TABLE ONLY public.assignments
    ADD CONSTRAINT fk_assignments_hand_out_id_hand_outs FOREIGN KEY (hand_out_id) REFERENCES public.hand_outs(hand_out_id);
ALTER TABLE ONLY public.audit_words
    ADD CONSTRAINT fk_audit_words_event_id_audit_events FOREIGN KEY (event_id) REFERENCES public.audit_events(event_id);
ALTER TABLE ONLY public.call_changes
    ADD CONSTRAINT fk_call_changes_import_id_imports FOREIGN KEY (import_id) REFERENCES public.imports(import_id);
ALTER TABLE ONLY public.calls
    ADD CONSTRAINT fk_calls_changed_in_imports FOREIGN KEY (changed_in) REFERENCES public.imports(import_id);
ALTER TABLE ONLY public.calls
    ADD CONSTRAINT fk_calls_sha256_recordings FOREIGN KEY (sha256) REFERENCES public.recordings(sha256);
ALTER TABLE ONLY public.closing_erasures
    ADD CONSTRAINT fk_closing_erasures_closing_id_closings FOREIGN KEY (closing_id) REFERENCES public.closings(closing_id);
ALTER TABLE ONLY public.closing_files
    ADD CONSTRAINT fk_closing_files_closing_id_closings FOREIGN KEY (closing_id) REFERENCES public.closings(closing_id);
ALTER TABLE ONLY public.complaint_steps
    ADD CONSTRAINT fk_complaint_steps_complaint_id_complaints FOREIGN KEY (complaint_id) REFERENCES public.complaints(complaint_id);
ALTER TABLE ONLY public.draw_locks
    ADD CONSTRAINT fk_draw_locks_draw_id_draws FOREIGN KEY (draw_id) REFERENCES public.draws(draw_id);
ALTER TABLE ONLY public.draw_locks
    ADD CONSTRAINT fk_draw_locks_hand_out_id_hand_outs FOREIGN KEY (hand_out_id) REFERENCES public.hand_outs(hand_out_id);
ALTER TABLE ONLY public.draws
    ADD CONSTRAINT fk_draws_frame_id_sample_frames FOREIGN KEY (frame_id) REFERENCES public.sample_frames(frame_id);
ALTER TABLE ONLY public.draws
    ADD CONSTRAINT fk_draws_instead_of_draws FOREIGN KEY (instead_of) REFERENCES public.draws(draw_id);
ALTER TABLE ONLY public.hand_outs
    ADD CONSTRAINT fk_hand_outs_draw_id_draws FOREIGN KEY (draw_id) REFERENCES public.draws(draw_id);
ALTER TABLE ONLY public.jobs
    ADD CONSTRAINT fk_jobs_sha256_recordings FOREIGN KEY (sha256) REFERENCES public.recordings(sha256);
ALTER TABLE ONLY public.recording_files
    ADD CONSTRAINT fk_recording_files_folder_id_folders FOREIGN KEY (folder_id) REFERENCES public.folders(folder_id);
ALTER TABLE ONLY public.recording_files
    ADD CONSTRAINT fk_recording_files_sha256_recordings FOREIGN KEY (sha256) REFERENCES public.recordings(sha256);
ALTER TABLE ONLY public.recordings
    ADD CONSTRAINT fk_recordings_added_in_imports FOREIGN KEY (added_in) REFERENCES public.imports(import_id);
ALTER TABLE ONLY public.replacements
    ADD CONSTRAINT fk_replacements_draw_id_draws FOREIGN KEY (draw_id) REFERENCES public.draws(draw_id);
ALTER TABLE ONLY public.roster
    ADD CONSTRAINT fk_roster_added_in_imports FOREIGN KEY (added_in) REFERENCES public.imports(import_id);
ALTER TABLE ONLY public.roster
    ADD CONSTRAINT fk_roster_removed_in_imports FOREIGN KEY (removed_in) REFERENCES public.imports(import_id);
ALTER TABLE ONLY public.rulings
    ADD CONSTRAINT fk_rulings_appeal_id_appeals FOREIGN KEY (appeal_id) REFERENCES public.appeals(appeal_id);
ALTER TABLE ONLY public.tickets
    ADD CONSTRAINT fk_tickets_draw_id_draws FOREIGN KEY (draw_id) REFERENCES public.draws(draw_id);
