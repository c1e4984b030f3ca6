-- SPDX-License-Identifier: Apache-2.0
-- Studies that are brought from other archives, with the certificate of each.

CREATE TABLE migration (
    id                 bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    -- AE title of the peer at that time; the record outlives the peer.
    source             text COLLATE "C" NOT NULL,
    state              text COLLATE "C" NOT NULL DEFAULT 'RUNNING' CHECK (state IN ('RUNNING', 'PAUSED', 'CANCELLED', 'DONE')),
    -- The dates swept, both ends included; null for a list of studies.
    from_date          date,
    to_date            date,
    -- Of at least one series of the study; empty for any.
    modality           text COLLATE "C" NOT NULL DEFAULT '',
    studies_at_once    smallint NOT NULL CHECK (studies_at_once BETWEEN 1 AND 16),
    -- Begun in an hour, evenly, by the whole cluster; 0 for no limit.
    studies_per_hour   integer NOT NULL DEFAULT 0 CHECK (studies_per_hour >= 0),
    -- When the next may begin.
    next_study_at      timestamptz NOT NULL DEFAULT now(),
    -- On average, of all studies together; 0 for no limit.
    objects_per_second integer NOT NULL DEFAULT 0 CHECK (objects_per_second >= 0),
    -- A part of every day such as 22:00-06:00; empty for all of it.
    hours              text COLLATE "C" NOT NULL DEFAULT '',
    -- An answer of so many matches may have been cut by the source.
    match_limit        integer NOT NULL CHECK (match_limit > 0),
    priority           smallint NOT NULL CHECK (priority BETWEEN 0 AND 9),
    note               text NOT NULL DEFAULT '',
    -- For operators, without patient data: what keeps it back.
    error              text NOT NULL DEFAULT '',
    created_at         timestamptz NOT NULL DEFAULT now(),
    updated_at         timestamptz NOT NULL DEFAULT now(),
    CHECK ((from_date IS NULL) = (to_date IS NULL)),
    CHECK (from_date <= to_date)
);

-- What the sweep asks for at once. One whose answer may be cut is replaced by its two halves, down to a minute of a day.
CREATE TABLE migration_span (
    migration_fk bigint NOT NULL REFERENCES migration ON DELETE CASCADE,
    from_date    date NOT NULL,
    to_date      date NOT NULL,
    -- Of the day, both ends included; all of it unless from_date is to_date.
    from_second  integer NOT NULL DEFAULT 0,
    to_second    integer NOT NULL DEFAULT 86399,
    state        text COLLATE "C" NOT NULL DEFAULT 'OPEN' CHECK (state IN ('OPEN', 'DONE', 'CUT')),
    attempts     smallint NOT NULL DEFAULT 0,
    found        integer NOT NULL DEFAULT 0,
    -- CUT: why studies of it may be missing.
    reason       text NOT NULL DEFAULT '',
    PRIMARY KEY (migration_fk, from_date, to_date, from_second)
);
CREATE INDEX migration_span_open ON migration_span (migration_fk, from_date, from_second) WHERE state = 'OPEN';

CREATE TABLE migration_study (
    migration_fk       bigint NOT NULL REFERENCES migration ON DELETE CASCADE,
    study_instance_uid text COLLATE "C" NOT NULL,
    -- INCOMPLETE: tried as often as may be, and the certificate says what is missing. SKIPPED: not one of those wanted.
    state              text COLLATE "C" NOT NULL DEFAULT 'QUEUED'
                       CHECK (state IN ('QUEUED', 'PULLING', 'COMPLETE', 'INCOMPLETE', 'SKIPPED')),
    -- Who pulls it, by the number of its job, so that it goes on with it if its node dies.
    slot               smallint,
    attempts           smallint NOT NULL DEFAULT 0,
    due_at             timestamptz NOT NULL DEFAULT now(),
    error              text NOT NULL DEFAULT '',
    updated_at         timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (migration_fk, study_instance_uid),
    CHECK ((state = 'PULLING') = (slot IS NOT NULL))
);
CREATE INDEX migration_study_queued ON migration_study (migration_fk, due_at, study_instance_uid) WHERE state = 'QUEUED';
CREATE UNIQUE INDEX migration_study_slot ON migration_study (migration_fk, slot) WHERE state = 'PULLING';
CREATE INDEX migration_study_state ON migration_study (migration_fk, state);

-- What the source said of a study, and what the archive holds of it, at one moment.
CREATE TABLE migration_certificate (
    migration_fk       bigint NOT NULL,
    study_instance_uid text COLLATE "C" NOT NULL,
    complete           boolean NOT NULL,
    -- Instances as the source counts them, as it names them, and as the archive holds them.
    said               integer NOT NULL,
    named              integer NOT NULL,
    held               integer NOT NULL,
    -- SOP Instance UIDs that the source named and the archive does not hold: all are counted, the first are named.
    missing_count      integer NOT NULL,
    missing            text[] NOT NULL,
    -- Instances held that the source did not name, and instances of which the archive keeps other contents beside the one shown.
    more_count         integer NOT NULL,
    alternate_count    integer NOT NULL,
    -- SHA-256 of the lines "SOP Instance UID, space, SHA-256 of its data set, newline" of all instances held, in the order of UIDs.
    digest             bytea NOT NULL CHECK (octet_length(digest) = 32),
    source             text COLLATE "C" NOT NULL,
    source_address     text COLLATE "C" NOT NULL,
    remark             text NOT NULL DEFAULT '',
    issued_at          timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (migration_fk, study_instance_uid),
    FOREIGN KEY (migration_fk, study_instance_uid) REFERENCES migration_study ON DELETE CASCADE
);
