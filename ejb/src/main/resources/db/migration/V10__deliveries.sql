-- SPDX-License-Identifier: Apache-2.0
-- What is to arrive where, and how far it is: the account of forwarding, from which proof of delivery is given.

CREATE TABLE delivery (
    id                 bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    study_instance_uid text COLLATE "C" NOT NULL,
    -- AE title of a peer.
    destination        text COLLATE "C" NOT NULL,
    -- SENT: all that was to be sent was acknowledged. VERIFIED: proof says how that is known. SKIPPED: nothing of it is to be sent.
    state              text COLLATE "C" NOT NULL DEFAULT 'QUEUED'
                       CHECK (state IN ('QUEUED', 'SENDING', 'SENT', 'VERIFIED', 'FAILED', 'SKIPPED')),
    proof              text COLLATE "C" NOT NULL DEFAULT '' CHECK (proof IN ('', 'COMMITTED', 'COUNTED', 'ACKNOWLEDGED')),
    -- The rule that selected its objects last; empty if somebody asked for it.
    rule               text NOT NULL DEFAULT '',
    priority           smallint NOT NULL DEFAULT 5 CHECK (priority BETWEEN 0 AND 9),
    -- For operators, without patient data: what keeps it back, or ended it; and what is to be known of it besides.
    error              text NOT NULL DEFAULT '',
    note               text NOT NULL DEFAULT '',
    created_at         timestamptz NOT NULL DEFAULT now(),
    updated_at         timestamptz NOT NULL DEFAULT now(),
    UNIQUE (study_instance_uid, destination),
    CHECK ((state = 'VERIFIED') = (proof <> ''))
);
CREATE INDEX delivery_open ON delivery (destination, state) WHERE state NOT IN ('VERIFIED', 'SKIPPED');
CREATE INDEX delivery_updated ON delivery (updated_at, id);

-- One object to one destination, once: what is recorded as SENT is never sent again unless somebody asks, or it is not found there.
CREATE TABLE delivery_item (
    delivery_fk bigint NOT NULL REFERENCES delivery ON DELETE CASCADE,
    instance_fk bigint NOT NULL REFERENCES instance ON DELETE CASCADE,
    object_fk   bigint NOT NULL REFERENCES stored_object ON DELETE CASCADE,
    -- What it waits for, and is sent, together with: '' nothing, 'study', or a Series Instance UID.
    scope       text COLLATE "C" NOT NULL DEFAULT '',
    state       text COLLATE "C" NOT NULL DEFAULT 'QUEUED' CHECK (state IN ('QUEUED', 'SENT', 'FAILED', 'SKIPPED')),
    due_at      timestamptz NOT NULL DEFAULT now(),
    -- Failures of this object alone, not of its destination.
    attempts    smallint NOT NULL DEFAULT 0,
    -- The last DIMSE status answered; null for none.
    status      integer,
    reason      text NOT NULL DEFAULT '',
    updated_at  timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (delivery_fk, instance_fk, object_fk)
);
CREATE INDEX delivery_item_queued ON delivery_item (delivery_fk, scope) WHERE state = 'QUEUED';
CREATE INDEX delivery_item_object ON delivery_item (object_fk);
CREATE INDEX delivery_item_instance ON delivery_item (instance_fk);

-- What happened to a delivery, for people.
CREATE TABLE delivery_event (
    delivery_fk bigint NOT NULL REFERENCES delivery ON DELETE CASCADE,
    happened_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    event       text COLLATE "C" NOT NULL,
    detail      text NOT NULL DEFAULT ''
);
CREATE INDEX delivery_event_delivery ON delivery_event (delivery_fk, happened_at);
