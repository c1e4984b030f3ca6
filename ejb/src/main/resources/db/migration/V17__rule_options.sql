-- SPDX-License-Identifier: Apache-2.0
-- When rules are applied, and how what they select is sent.

ALTER TABLE forward_rule DROP CONSTRAINT forward_rule_applied_check;
ALTER TABLE forward_rule ADD CONSTRAINT forward_rule_applied_check
    CHECK (applied IN ('instance', 'series', 'study', 'commitment', 'manual'));

-- As 22:00-06:00, by the clock of the node that sends; empty for at any time.
ALTER TABLE forward_rule ADD COLUMN sending_window text COLLATE "C" NOT NULL DEFAULT '';
-- Values by path, as org.dozo.forward.rules.Coercion reads them.
ALTER TABLE forward_rule ADD COLUMN coercion jsonb NOT NULL DEFAULT '{}';
-- UIDs, the dearest first.
ALTER TABLE forward_rule ADD COLUMN transfer_syntaxes text[] COLLATE "C" NOT NULL DEFAULT '{}';

-- Whether the peer is told of studies that are complete: Instance Availability Notification, PS3.4 R.
ALTER TABLE peer ADD COLUMN notify boolean NOT NULL DEFAULT false;

-- The rule whose options count for the object; empty if it has none, or if somebody asked for it.
ALTER TABLE delivery_item ADD COLUMN rule text COLLATE "C" NOT NULL DEFAULT '';
