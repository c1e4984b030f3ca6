-- SPDX-License-Identifier: Apache-2.0
-- The nodes: who is there, and in which term of its life.

CREATE TABLE node (
    name         text COLLATE "C" PRIMARY KEY,
    -- The fencing token: grows with every start, and when others take the node for dead. What an older term still wants to write is
    -- refused.
    epoch        bigint NOT NULL DEFAULT 1,
    -- One process; tells a second process under the same name from this one.
    incarnation  uuid NOT NULL,
    version      text NOT NULL DEFAULT '',
    state        text COLLATE "C" NOT NULL DEFAULT 'NOT_READY'
                 CHECK (state IN ('NOT_READY', 'READY', 'DRAINING', 'STOPPED', 'LOST')),
    -- What keeps it from being ready, for operators.
    problems     text[] NOT NULL DEFAULT '{}',
    associations integer NOT NULL DEFAULT 0,
    jobs         integer NOT NULL DEFAULT 0,
    -- An operator's wish, kept over restarts until it is taken back.
    drain        boolean NOT NULL DEFAULT false,
    started_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
    heartbeat_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
-- One small row a node, written every second: room for the new version beside the old one, so that no index grows.
ALTER TABLE node SET (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 200);

-- Fails unless the node is still in that term. 0 stands for whoever is no node, such as a tool. Volatile: it sees what was committed
-- up to its call, not only what the statement around it sees.
CREATE FUNCTION require_term(node_name text, term bigint) RETURNS boolean LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    IF term <> 0 AND NOT EXISTS (SELECT 1 FROM node WHERE name = node_name AND epoch = term) THEN
        RAISE EXCEPTION 'Node % is not in its term % any more', node_name, term USING ERRCODE = '55D01';
    END IF;
    RETURN true;
END $$;
