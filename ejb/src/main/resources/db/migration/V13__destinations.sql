-- SPDX-License-Identifier: Apache-2.0
-- Proof of delivery by storage commitment.

-- The strongest proof of delivery that is asked of a peer.
ALTER TABLE peer ADD COLUMN proof text COLLATE "C" NOT NULL DEFAULT 'commitment'
    CHECK (proof IN ('commitment', 'query', 'acknowledgement'));

-- What was asked of the destination since the delivery was sent last; one request may be about several deliveries.
CREATE TABLE delivery_commitment (
    delivery_fk     bigint NOT NULL REFERENCES delivery ON DELETE CASCADE,
    transaction_uid text COLLATE "C" NOT NULL REFERENCES commitment_asked ON DELETE CASCADE,
    PRIMARY KEY (delivery_fk, transaction_uid)
);
CREATE INDEX delivery_commitment_transaction ON delivery_commitment (transaction_uid);
