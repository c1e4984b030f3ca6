-- SPDX-License-Identifier: Apache-2.0
-- What is forwarded where. version grows with every change of the rule.

CREATE TABLE forward_rule (
    name          text COLLATE "C" PRIMARY KEY CHECK (length(name) BETWEEN 1 AND 64),
    applied       text COLLATE "C" NOT NULL CHECK (applied IN ('instance', 'series', 'study', 'manual')),
    -- In the language of org.dozo.forward.rules, in its regular form.
    condition     text NOT NULL CHECK (length(condition) BETWEEN 1 AND 4000),
    -- 0 bulk, 5 routine, 9 STAT: as jobs count.
    priority      smallint NOT NULL CHECK (priority BETWEEN 0 AND 9),
    enabled       boolean NOT NULL,
    delay_seconds integer NOT NULL CHECK (delay_seconds >= 0),
    quiet_seconds integer NOT NULL CHECK (quiet_seconds > 0),
    note          text NOT NULL,
    version       integer NOT NULL DEFAULT 1,
    updated_at    timestamptz NOT NULL DEFAULT now()
);

-- A peer that a rule sends to is not removed.
CREATE TABLE forward_rule_destination (
    rule     text COLLATE "C" NOT NULL REFERENCES forward_rule ON DELETE CASCADE,
    position smallint NOT NULL,
    ae_title text COLLATE "C" NOT NULL REFERENCES peer,
    PRIMARY KEY (rule, position),
    UNIQUE (rule, ae_title)
);
CREATE INDEX forward_rule_destination_peer ON forward_rule_destination (ae_title);
