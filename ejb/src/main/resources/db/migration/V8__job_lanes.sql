-- SPDX-License-Identifier: Apache-2.0
-- Jobs in lanes: those of one lane (such as one destination) wait for each other, never for another lane's.

ALTER TABLE job
    ADD COLUMN lane text COLLATE "C" NOT NULL DEFAULT '',
    -- Announced once more while it was leased: it runs again when it is done.
    ADD COLUMN again boolean NOT NULL DEFAULT false,
    -- It waits until there is no such job any more.
    ADD COLUMN after_kind text COLLATE "C",
    ADD COLUMN after_key text COLLATE "C",
    ADD CONSTRAINT job_after_check CHECK ((after_kind IS NULL) = (after_key IS NULL));

-- WAITING: not before due_at, or not before another job is done. So whatever is READY can be leased, and the index of what can be
-- leased holds nothing else.
ALTER TABLE job DROP CONSTRAINT job_state_check;
ALTER TABLE job ADD CONSTRAINT job_state_check CHECK (state IN ('READY', 'WAITING', 'LEASED', 'FAILED'));

CREATE INDEX job_ready ON job (kind, lane, priority DESC, due_at, id) WHERE state = 'READY';
CREATE INDEX job_timed ON job (due_at) WHERE state IN ('LEASED', 'WAITING');
DROP INDEX job_due;

-- Rows come and go by the million, while the table stays short: vacuumed by number, not by share, and without naps.
ALTER TABLE job SET (
    autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000,
    autovacuum_analyze_scale_factor = 0.1, autovacuum_analyze_threshold = 1000,
    autovacuum_vacuum_cost_delay = 0);

-- What operators have halted: a lane, or (without one) all of a kind.
CREATE TABLE job_pause (
    kind      text COLLATE "C" NOT NULL,
    lane      text COLLATE "C",
    reason    text NOT NULL DEFAULT '',
    paused_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE NULLS NOT DISTINCT (kind, lane)
);
