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
CREATE TABLE public.failed_jobs (
    key character varying(64) NOT NULL,
    sha256 character varying(64) NOT NULL,
    code text NOT NULL,
    "values" json NOT NULL,
    failed_at timestamp without time zone NOT NULL
);
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
CREATE TABLE public.schema_version (
    version integer NOT NULL,
    applied_at timestamp without time zone NOT NULL
);
ALTER TABLE ONLY public.call_changes ALTER COLUMN change_id SET DEFAULT nextval('public.call_changes_change_id_seq'::regclass);
ALTER TABLE ONLY public.folders ALTER COLUMN folder_id SET DEFAULT nextval('public.folders_folder_id_seq'::regclass);
ALTER TABLE ONLY public.imports ALTER COLUMN import_id SET DEFAULT nextval('public.imports_import_id_seq'::regclass);
ALTER TABLE ONLY public.roster ALTER COLUMN roster_id SET DEFAULT nextval('public.roster_roster_id_seq'::regclass);
INSERT INTO public.failed_jobs VALUES ('k1', 'aa', 'audio.channels', '{"path": "/录音/a.wav", "channels": 3}', '2026-09-02 09:00:00');
INSERT INTO public.failed_jobs VALUES ('k2', 'bb', 'transcribe.failed', '{"path": "/录音/b.wav", "reason": "x"}', '2026-09-02 09:01:00');
INSERT INTO public.imports VALUES (1, '2026-09-01 08:00:00', 'qa', '/录音', NULL, NULL, NULL, NULL, '{}');
INSERT INTO public.recordings VALUES ('aa', 10, 1);
INSERT INTO public.recordings VALUES ('bb', 20, 1);
INSERT INTO public.schema_version VALUES (1, '2026-09-01 08:00:00');
SELECT pg_catalog.setval('public.call_changes_change_id_seq', 1, false);
SELECT pg_catalog.setval('public.folders_folder_id_seq', 1, false);
SELECT pg_catalog.setval('public.imports_import_id_seq', 1, false);
SELECT pg_catalog.setval('public.roster_roster_id_seq', 1, false);
ALTER TABLE ONLY public.call_changes
    ADD CONSTRAINT pk_call_changes PRIMARY KEY (change_id);
ALTER TABLE ONLY public.calls
    ADD CONSTRAINT pk_calls PRIMARY KEY (call_id);
ALTER TABLE ONLY public.failed_jobs
    ADD CONSTRAINT pk_failed_jobs PRIMARY KEY (key);
ALTER TABLE ONLY public.fixed
    ADD CONSTRAINT pk_fixed PRIMARY KEY (name);
ALTER TABLE ONLY public.folders
    ADD CONSTRAINT pk_folders PRIMARY KEY (folder_id);
ALTER TABLE ONLY public.imports
    ADD CONSTRAINT pk_imports PRIMARY KEY (import_id);
ALTER TABLE ONLY public.recording_files
    ADD CONSTRAINT pk_recording_files PRIMARY KEY (folder_id, path);
ALTER TABLE ONLY public.recordings
    ADD CONSTRAINT pk_recordings PRIMARY KEY (sha256);
ALTER TABLE ONLY public.roster
    ADD CONSTRAINT pk_roster PRIMARY KEY (roster_id);
ALTER TABLE ONLY public.schema_version
    ADD CONSTRAINT pk_schema_version PRIMARY KEY (version);
ALTER TABLE ONLY public.folders
    ADD CONSTRAINT uq_folders_path UNIQUE (path);
CREATE INDEX ix_call_changes_call_id ON public.call_changes USING btree (call_id);
CREATE INDEX ix_call_changes_import_id ON public.call_changes USING btree (import_id);
CREATE INDEX ix_calls_agent_no ON public.calls USING btree (agent_no);
CREATE INDEX ix_calls_agent_start ON public.calls USING btree (agent_no, start);
CREATE INDEX ix_calls_sha256 ON public.calls USING btree (sha256);
CREATE INDEX ix_calls_start ON public.calls USING btree (start);
CREATE INDEX ix_failed_jobs_sha256 ON public.failed_jobs USING btree (sha256);
CREATE INDEX ix_recording_files_sha256 ON public.recording_files USING btree (sha256);
CREATE INDEX ix_recording_files_stem_key ON public.recording_files USING btree (stem_key);
ALTER TABLE ONLY public.call_changes
    ADD CONSTRAINT fk_call_changes_import_id_imports FOREIGN KEY (import_id) REFERENCES public.imports(import_id);
ALTER TABLE ONLY public.calls
    ADD CONSTRAINT fk_calls_changed_in_imports FOREIGN KEY (changed_in) REFERENCES public.imports(import_id);
ALTER TABLE ONLY public.calls
    ADD CONSTRAINT fk_calls_sha256_recordings FOREIGN KEY (sha256) REFERENCES public.recordings(sha256);
ALTER TABLE ONLY public.failed_jobs
    ADD CONSTRAINT fk_failed_jobs_sha256_recordings FOREIGN KEY (sha256) REFERENCES public.recordings(sha256);
ALTER TABLE ONLY public.recording_files
    ADD CONSTRAINT fk_recording_files_folder_id_folders FOREIGN KEY (folder_id) REFERENCES public.folders(folder_id);
ALTER TABLE ONLY public.recording_files
    ADD CONSTRAINT fk_recording_files_sha256_recordings FOREIGN KEY (sha256) REFERENCES public.recordings(sha256);
ALTER TABLE ONLY public.recordings
    ADD CONSTRAINT fk_recordings_added_in_imports FOREIGN KEY (added_in) REFERENCES public.imports(import_id);
ALTER TABLE ONLY public.roster
    ADD CONSTRAINT fk_roster_added_in_imports FOREIGN KEY (added_in) REFERENCES public.imports(import_id);
ALTER TABLE ONLY public.roster
    ADD CONSTRAINT fk_roster_removed_in_imports FOREIGN KEY (removed_in) REFERENCES public.imports(import_id);
