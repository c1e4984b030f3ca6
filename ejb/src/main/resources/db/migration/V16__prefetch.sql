-- SPDX-License-Identifier: Apache-2.0
-- Which priors of a patient go where when a study arrives or is ordered. version grows with every change of the rule.

CREATE TABLE prefetch_rule (
    name           text COLLATE "C" PRIMARY KEY CHECK (length(name) BETWEEN 1 AND 64),
    -- In the language of org.dozo.forward.rules, in its regular form.
    condition      text NOT NULL CHECK (length(condition) BETWEEN 1 AND 4000),
    -- Empty for any.
    modalities     text[] COLLATE "C" NOT NULL,
    same_body_part boolean NOT NULL,
    -- 0 for any age.
    max_age_months smallint NOT NULL CHECK (max_age_months BETWEEN 0 AND 1200),
    prior_count    smallint NOT NULL CHECK (prior_count BETWEEN 1 AND 20),
    -- 0 bulk, 5 routine, 9 STAT: as jobs count.
    priority       smallint NOT NULL CHECK (priority BETWEEN 0 AND 9),
    enabled        boolean NOT NULL,
    version        integer NOT NULL DEFAULT 1,
    updated_at     timestamptz NOT NULL DEFAULT now()
);

-- A peer that a rule sends to is not removed.
CREATE TABLE prefetch_rule_destination (
    rule     text COLLATE "C" NOT NULL REFERENCES prefetch_rule ON DELETE CASCADE,
    position smallint NOT NULL,
    ae_title text COLLATE "C" NOT NULL REFERENCES peer,
    PRIMARY KEY (rule, position),
    UNIQUE (rule, ae_title)
);
CREATE INDEX prefetch_rule_destination_peer ON prefetch_rule_destination (ae_title);

-- That a study has called a rule: once, whatever comes of it later. The rule may be gone by now.
CREATE TABLE prefetch (
    study_instance_uid text COLLATE "C" NOT NULL,
    rule               text COLLATE "C" NOT NULL,
    -- What an order says of a study that is not in the index yet; what the index says counts more.
    patient_fk         bigint NOT NULL REFERENCES patient ON DELETE CASCADE,
    study_date         date,
    body_part          text COLLATE "C" NOT NULL DEFAULT '',
    -- Somebody wants all of it sent again, also what is there.
    again              boolean NOT NULL DEFAULT false,
    called_at          timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (study_instance_uid, rule)
);
CREATE INDEX prefetch_patient ON prefetch (patient_fk);
