-- SPDX-License-Identifier: Apache-2.0
-- The index of the archive. Every later change goes expand -> migrate -> contract: a release reads the schema before and after its
-- own, so a column is added nullable or with a default, filled, used, and only in a later release is what it replaces dropped.
--
-- Texts that are searched or ordered are COLLATE "C": prefix searches use the plain index, and no upgrade of the operating system's
-- locales can corrupt it. Texts are cut to a bound by the program (the whole value stays in instance.header).

CREATE TABLE volume (
    id            smallint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name          text COLLATE "C" NOT NULL UNIQUE,
    marker        uuid NOT NULL UNIQUE,
    registered_at timestamptz NOT NULL DEFAULT now()
);

-- A patient is who has this Patient ID of this issuer. One without Patient ID is a patient of one study only.
CREATE TABLE patient (
    id                      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    patient_id              text COLLATE "C" NOT NULL,
    issuer                  text COLLATE "C" NOT NULL DEFAULT '',
    unidentified_study_uid  text COLLATE "C" NOT NULL DEFAULT '',
    family_name             text NOT NULL DEFAULT '',
    given_name              text NOT NULL DEFAULT '',
    middle_name             text NOT NULL DEFAULT '',
    name_prefix             text NOT NULL DEFAULT '',
    name_suffix             text NOT NULL DEFAULT '',
    ideographic_family_name text NOT NULL DEFAULT '',
    ideographic_given_name  text NOT NULL DEFAULT '',
    ideographic_middle_name text NOT NULL DEFAULT '',
    ideographic_name_prefix text NOT NULL DEFAULT '',
    ideographic_name_suffix text NOT NULL DEFAULT '',
    phonetic_family_name    text NOT NULL DEFAULT '',
    phonetic_given_name     text NOT NULL DEFAULT '',
    phonetic_middle_name    text NOT NULL DEFAULT '',
    phonetic_name_prefix    text NOT NULL DEFAULT '',
    phonetic_name_suffix    text NOT NULL DEFAULT '',
    -- Folded for search (case, width, accents, kana), components joined by ^.
    name_key                text COLLATE "C" NOT NULL DEFAULT '',
    ideographic_name_key    text COLLATE "C" NOT NULL DEFAULT '',
    phonetic_name_key       text COLLATE "C" NOT NULL DEFAULT '',
    birth_date              date,
    birth_date_text         text NOT NULL DEFAULT '',
    sex                     text COLLATE "C" NOT NULL DEFAULT '',
    created_at              timestamptz NOT NULL DEFAULT now(),
    UNIQUE (patient_id, issuer, unidentified_study_uid),
    CHECK ((patient_id = '') = (unidentified_study_uid <> ''))
);
CREATE INDEX patient_name_key ON patient (name_key, id) WHERE name_key <> '';
CREATE INDEX patient_ideographic_name_key ON patient (ideographic_name_key, id) WHERE ideographic_name_key <> '';
CREATE INDEX patient_phonetic_name_key ON patient (phonetic_name_key, id) WHERE phonetic_name_key <> '';
CREATE INDEX patient_birth_date ON patient (birth_date, id) WHERE birth_date IS NOT NULL;

-- Other Patient IDs Sequence (0010,1002), as it came with the patient's first object.
CREATE TABLE patient_other_id (
    patient_fk bigint NOT NULL REFERENCES patient ON DELETE CASCADE,
    patient_id text COLLATE "C" NOT NULL,
    issuer     text COLLATE "C" NOT NULL DEFAULT '',
    PRIMARY KEY (patient_fk, patient_id, issuer)
);
CREATE INDEX patient_other_id_patient_id ON patient_other_id (patient_id, issuer);

CREATE TABLE study (
    id                       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    study_instance_uid       text COLLATE "C" NOT NULL UNIQUE,
    patient_fk               bigint NOT NULL REFERENCES patient,
    accession_number         text COLLATE "C" NOT NULL DEFAULT '',
    accession_issuer         text COLLATE "C" NOT NULL DEFAULT '',
    study_id                 text COLLATE "C" NOT NULL DEFAULT '',
    study_date               date,
    study_date_text          text NOT NULL DEFAULT '',
    study_time               time,
    study_time_text          text NOT NULL DEFAULT '',
    description              text NOT NULL DEFAULT '',
    referring_physician_name text NOT NULL DEFAULT '',
    referring_name_key             text COLLATE "C" NOT NULL DEFAULT '',
    referring_ideographic_name_key text COLLATE "C" NOT NULL DEFAULT '',
    referring_phonetic_name_key    text COLLATE "C" NOT NULL DEFAULT '',
    -- What the fold has counted; add the rows still in series_tally.
    series_count             integer NOT NULL DEFAULT 0,
    instance_count           bigint NOT NULL DEFAULT 0,
    byte_count               bigint NOT NULL DEFAULT 0,
    created_at               timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX study_patient ON study (patient_fk);
CREATE INDEX study_accession_number ON study (accession_number) WHERE accession_number <> '';
CREATE INDEX study_study_date ON study (study_date, id);
CREATE INDEX study_study_id ON study (study_id) WHERE study_id <> '';
CREATE INDEX study_referring_name_key ON study (referring_name_key, id) WHERE referring_name_key <> '';

CREATE TABLE series (
    id                      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    study_fk                bigint NOT NULL REFERENCES study,
    series_instance_uid     text COLLATE "C" NOT NULL,
    modality                text COLLATE "C" NOT NULL DEFAULT '',
    series_number           integer,
    series_date             date,
    series_date_text        text NOT NULL DEFAULT '',
    series_time             time,
    series_time_text        text NOT NULL DEFAULT '',
    description             text NOT NULL DEFAULT '',
    body_part               text COLLATE "C" NOT NULL DEFAULT '',
    laterality              text COLLATE "C" NOT NULL DEFAULT '',
    station_name            text COLLATE "C" NOT NULL DEFAULT '',
    institution             text NOT NULL DEFAULT '',
    step_start_date         date,
    step_start_date_text    text NOT NULL DEFAULT '',
    step_start_time         time,
    step_start_time_text    text NOT NULL DEFAULT '',
    instance_count          bigint NOT NULL DEFAULT 0,
    byte_count              bigint NOT NULL DEFAULT 0,
    created_at              timestamptz NOT NULL DEFAULT now(),
    UNIQUE (study_fk, series_instance_uid)
);
CREATE INDEX series_series_instance_uid ON series (series_instance_uid);
CREATE INDEX series_modality ON series (modality, study_fk);

-- Request Attributes Sequence (0040,0275).
CREATE TABLE series_request (
    series_fk              bigint NOT NULL REFERENCES series ON DELETE CASCADE,
    position               smallint NOT NULL,
    requested_procedure_id text COLLATE "C" NOT NULL DEFAULT '',
    scheduled_step_id      text COLLATE "C" NOT NULL DEFAULT '',
    accession_number       text COLLATE "C" NOT NULL DEFAULT '',
    PRIMARY KEY (series_fk, position)
);
CREATE INDEX series_request_procedure ON series_request (requested_procedure_id, scheduled_step_id);

CREATE TABLE instance (
    id               bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    sop_instance_uid text COLLATE "C" NOT NULL UNIQUE,
    series_fk        bigint NOT NULL REFERENCES series,
    sop_class_uid    text COLLATE "C" NOT NULL,
    instance_number  integer,
    image_rows       integer,
    image_columns    integer,
    frames           integer,
    content_date_text text NOT NULL DEFAULT '',
    content_time_text text NOT NULL DEFAULT '',
    -- HeaderBlob of the current object: everything but the bulk values, deflated.
    header           bytea NOT NULL,
    created_at       timestamptz NOT NULL DEFAULT now()
);
ALTER TABLE instance ALTER COLUMN header SET STORAGE EXTERNAL;
CREATE INDEX instance_series ON instance (series_fk);

-- An object as it was received, written once under a random name. The database decides that an instance has one current object,
-- and that the same content is kept once.
CREATE TABLE stored_object (
    id                  bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name                text COLLATE "C" NOT NULL UNIQUE,
    instance_fk         bigint NOT NULL REFERENCES instance,
    state               text COLLATE "C" NOT NULL CHECK (state IN ('CURRENT', 'ALTERNATE')),
    transfer_syntax_uid text COLLATE "C" NOT NULL,
    data_set_sha256     bytea NOT NULL CHECK (octet_length(data_set_sha256) = 32),
    data_set_offset     integer NOT NULL,
    data_set_length     bigint NOT NULL,
    head_sha256         bytea NOT NULL CHECK (octet_length(head_sha256) = 32),
    source_ae_title     text COLLATE "C" NOT NULL,
    source_address      text COLLATE "C" NOT NULL,
    node                text COLLATE "C" NOT NULL,
    received_at         timestamptz NOT NULL DEFAULT now(),
    UNIQUE (instance_fk, data_set_sha256, transfer_syntax_uid)
);
CREATE UNIQUE INDEX stored_object_current ON stored_object (instance_fk) WHERE state = 'CURRENT';

CREATE TABLE object_copy (
    object_fk bigint NOT NULL REFERENCES stored_object,
    volume_fk smallint NOT NULL REFERENCES volume,
    path      text COLLATE "C" NOT NULL,
    state     text COLLATE "C" NOT NULL DEFAULT 'GOOD' CHECK (state IN ('GOOD', 'SUSPECT', 'LOST')),
    PRIMARY KEY (object_fk, volume_fk)
);

-- What did not fit, on the record: nothing is merged or dropped silently.
CREATE TABLE discrepancy (
    id                  bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind                text COLLATE "C" NOT NULL,
    study_instance_uid  text COLLATE "C" NOT NULL,
    series_instance_uid text COLLATE "C" NOT NULL,
    sop_instance_uid    text COLLATE "C" NOT NULL,
    object_fk           bigint NOT NULL REFERENCES stored_object,
    -- The identities on both sides, under the column names of this schema.
    filed_under         jsonb NOT NULL,
    claimed             jsonb NOT NULL,
    noticed_at          timestamptz NOT NULL DEFAULT now(),
    resolved_at         timestamptz
);
CREATE INDEX discrepancy_open ON discrepancy (study_instance_uid) WHERE resolved_at IS NULL;
CREATE INDEX discrepancy_object ON discrepancy (object_fk);

-- Counters without hot rows: every change adds a row of differences; a ticker folds them into series, study and archive_total.
-- Whoever reads a counter adds the rows that are not folded yet: exact in any snapshot.
CREATE TABLE series_tally (
    series_fk bigint NOT NULL,
    patients  smallint NOT NULL DEFAULT 0,
    studies   smallint NOT NULL DEFAULT 0,
    series    smallint NOT NULL DEFAULT 0,
    instances integer NOT NULL DEFAULT 0,
    bytes     bigint NOT NULL DEFAULT 0
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);
CREATE INDEX series_tally_series ON series_tally (series_fk);

CREATE TABLE archive_total (
    only_row  boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    patients  bigint NOT NULL DEFAULT 0,
    studies   bigint NOT NULL DEFAULT 0,
    series    bigint NOT NULL DEFAULT 0,
    instances bigint NOT NULL DEFAULT 0,
    bytes     bigint NOT NULL DEFAULT 0
);
INSERT INTO archive_total DEFAULT VALUES;
