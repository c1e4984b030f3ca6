-- SPDX-License-Identifier: Apache-2.0
-- Work that survives its node. A job that is done is deleted; one that failed for good stays as FAILED until somebody decides.

CREATE TABLE job (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind         text COLLATE "C" NOT NULL,
    -- What it is about, unique within its kind while the job exists: announcing it again changes nothing.
    job_key      text COLLATE "C" NOT NULL,
    payload      jsonb NOT NULL DEFAULT '{}',
    -- 0 bulk, 5 routine, 9 STAT: as JMS counts.
    priority     smallint NOT NULL DEFAULT 5 CHECK (priority BETWEEN 0 AND 9),
    state        text COLLATE "C" NOT NULL DEFAULT 'READY' CHECK (state IN ('READY', 'LEASED', 'FAILED')),
    -- READY: not before. LEASED: the lease ends. So everything due can be leased, whoever had it.
    due_at       timestamptz NOT NULL DEFAULT now(),
    attempts     integer NOT NULL DEFAULT 0,
    max_attempts integer NOT NULL DEFAULT 10 CHECK (max_attempts > 0),
    -- The fencing token: grows with every lease.
    epoch        bigint NOT NULL DEFAULT 0,
    lease_owner  text COLLATE "C",
    last_error   text NOT NULL DEFAULT '',
    announced_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (kind, job_key),
    CHECK ((state = 'LEASED') = (lease_owner IS NOT NULL))
);
CREATE INDEX job_due ON job (kind, priority DESC, due_at, id) WHERE state <> 'FAILED';
CREATE INDEX job_failed ON job (kind, id) WHERE state = 'FAILED';
