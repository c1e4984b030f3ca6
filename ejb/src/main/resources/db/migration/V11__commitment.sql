-- SPDX-License-Identifier: Apache-2.0
-- Storage commitment in both roles, PS3.4 J.

-- What peers have asked of us. The same request again is the same row.
CREATE TABLE commitment_request (
    id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    ae_title        text COLLATE "C" NOT NULL,
    -- As whom the peer called us: so it knows us, and so we report.
    called_ae_title text COLLATE "C" NOT NULL,
    transaction_uid text COLLATE "C" NOT NULL,
    -- Of the instances asked for, so that another request under the same Transaction UID is noticed.
    content_sha256  bytea NOT NULL CHECK (octet_length(content_sha256) = 32),
    state           text COLLATE "C" NOT NULL DEFAULT 'REQUESTED' CHECK (state IN ('REQUESTED', 'CHECKED', 'REPORTED')),
    requested_at    timestamptz NOT NULL DEFAULT now(),
    checked_at      timestamptz,
    reported_at     timestamptz,
    UNIQUE (ae_title, transaction_uid)
);
CREATE INDEX commitment_request_reported ON commitment_request (reported_at) WHERE state = 'REPORTED';

CREATE TABLE commitment_request_item (
    request_fk       bigint NOT NULL REFERENCES commitment_request ON DELETE CASCADE,
    position         integer NOT NULL,
    sop_class_uid    text COLLATE "C" NOT NULL,
    sop_instance_uid text COLLATE "C" NOT NULL,
    -- Null until it is checked; 0 committed; else Failure Reason (0008,1197).
    reason           integer CHECK (reason BETWEEN 0 AND 65535),
    PRIMARY KEY (request_fk, position)
);

-- What we have asked of peers, as proof of what was forwarded to them.
CREATE TABLE commitment_asked (
    transaction_uid text COLLATE "C" PRIMARY KEY,
    ae_title        text COLLATE "C" NOT NULL,
    asked_at        timestamptz NOT NULL DEFAULT now(),
    answered_at     timestamptz
);
CREATE INDEX commitment_asked_at ON commitment_asked (asked_at);

CREATE TABLE commitment_asked_item (
    transaction_uid  text COLLATE "C" NOT NULL REFERENCES commitment_asked ON DELETE CASCADE,
    sop_instance_uid text COLLATE "C" NOT NULL,
    sop_class_uid    text COLLATE "C" NOT NULL,
    -- Null until it is answered; 0 committed; else Failure Reason (0008,1197).
    reason           integer CHECK (reason BETWEEN 0 AND 65535),
    PRIMARY KEY (transaction_uid, sop_instance_uid)
);
