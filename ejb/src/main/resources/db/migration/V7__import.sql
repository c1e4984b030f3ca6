-- SPDX-License-Identifier: Apache-2.0
-- What ./dozo import has taken, so that a rerun need not read it again. A memory, no truth: it counts only while the archive still
-- holds the content that it names, and any row may be deleted.

CREATE TABLE imported_file (
    -- Of the file's address: file:///…, and its name in the ZIP after "!/".
    address_sha256      bytea PRIMARY KEY CHECK (octet_length(address_sha256) = 32),
    size                bigint NOT NULL,
    modified_millis     bigint NOT NULL,
    sop_instance_uid    text COLLATE "C" NOT NULL,
    transfer_syntax_uid text COLLATE "C" NOT NULL,
    data_set_sha256     bytea NOT NULL CHECK (octet_length(data_set_sha256) = 32),
    imported_at         timestamptz NOT NULL DEFAULT now()
);
