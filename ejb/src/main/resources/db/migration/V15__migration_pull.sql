-- SPDX-License-Identifier: Apache-2.0
-- Studies that are brought from other archives, with the certificate of each; and priors that a new study brings along.

-- Studies that were brought, not acquired: their arrival is nothing new to anybody.
CREATE TABLE fetched_study (
    study_instance_uid text COLLATE "C" PRIMARY KEY,
    fetched_at         timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE migration (
    id                 bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    -- AE title of the peer at that time; the record outlives the peer.
    source             text COLLATE "C" NOT NULL,
    -- PRIORS: asked for by a prefetch, not by a person.
    purpose            text COLLATE "C" NOT NULL CHECK (purpose IN ('MIGRATION', 'PRIORS')),
    state              text COLLATE "C" NOT NULL DEFAULT 'RUNNING' CHECK (state IN ('RUNNING', 'PAUSED', 'CANCELLED', 'DONE')),
    -- The dates swept, both ends included; null for a list of studies.
    from_date          date,
    to_date            date,
    -- Of at least one series of the study; empty for any.
    modality           text COLLATE "C" NOT NULL DEFAULT '',
    studies_at_once    smallint NOT NULL CHECK (studies_at_once BETWEEN 1 AND 16),
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
    -- A job that is announced at its end: {"kind", "key", "payload", "priority"}.
    next_job           jsonb,
    created_at         timestamptz NOT NULL DEFAULT now(),
    updated_at         timestamptz NOT NULL DEFAULT now(),
    CHECK ((from_date IS NULL) = (to_date IS NULL)),
    CHECK (from_date <= to_date)
);
CREATE INDEX migration_listed ON migration (purpose, id);

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

-- Which priors a new study brings to whom. version grows with every change.
CREATE TABLE prefetch (
    name       text COLLATE "C" PRIMARY KEY CHECK (length(name) BETWEEN 1 AND 64),
    -- What of a new study sets it off, in the language of org.dozo.forward.rules.
    condition  text NOT NULL CHECK (length(condition) BETWEEN 1 AND 4000),
    -- Of one series of the prior; empty for any; 'same' for that of what arrived.
    modalities text[] NOT NULL,
    body_parts text[] NOT NULL,
    years      smallint NOT NULL CHECK (years BETWEEN 1 AND 150),
    most       smallint NOT NULL CHECK (most BETWEEN 1 AND 50),
    priority   smallint NOT NULL CHECK (priority BETWEEN 0 AND 5),
    enabled    boolean NOT NULL,
    note       text NOT NULL,
    version    integer NOT NULL DEFAULT 1,
    updated_at timestamptz NOT NULL DEFAULT now()
);

-- Where the priors go, and at position 0 the archive that they are brought from first. A peer that is named here is not removed.
CREATE TABLE prefetch_peer (
    prefetch text COLLATE "C" NOT NULL REFERENCES prefetch ON DELETE CASCADE,
    position smallint NOT NULL,
    ae_title text COLLATE "C" NOT NULL REFERENCES peer,
    PRIMARY KEY (prefetch, position)
);
CREATE INDEX prefetch_peer_peer ON prefetch_peer (ae_title);

-- A study sets a prefetch off once. Kept by name: the account outlives the record.
CREATE TABLE prefetch_run (
    prefetch           text COLLATE "C" NOT NULL,
    study_instance_uid text COLLATE "C" NOT NULL,
    -- Of the object that set it off.
    modality           text COLLATE "C" NOT NULL,
    body_part          text COLLATE "C" NOT NULL,
    -- When the other archive was asked; null for not yet.
    asked_at           timestamptz,
    started_at         timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (prefetch, study_instance_uid)
);
CREATE INDEX prefetch_run_started ON prefetch_run (started_at);

CREATE TABLE prefetch_prior (
    prefetch           text COLLATE "C" NOT NULL,
    study_instance_uid text COLLATE "C" NOT NULL,
    prior_uid          text COLLATE "C" NOT NULL,
    ordered_at         timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (prefetch, study_instance_uid, prior_uid),
    FOREIGN KEY (prefetch, study_instance_uid) REFERENCES prefetch_run ON DELETE CASCADE
);
