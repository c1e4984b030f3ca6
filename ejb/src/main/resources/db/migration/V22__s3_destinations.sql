-- SPDX-License-Identifier: Apache-2.0
-- Destinations of forwarding that are buckets of S3. Of every other kind the new columns say nothing.

ALTER TABLE destination DROP CONSTRAINT destination_kind_check,
    ADD CONSTRAINT destination_kind_check CHECK (kind IN ('stow', 'folder', 's3')),
    -- The URL of a service that is not Amazon's; empty for theirs.
    ADD COLUMN endpoint text NOT NULL DEFAULT '' CHECK (length(endpoint) <= 1000),
    ADD COLUMN region text COLLATE "C" NOT NULL DEFAULT '' CHECK (length(region) <= 64),
    ADD COLUMN path_style boolean NOT NULL DEFAULT false,
    -- As it stands in x-amz-server-side-encryption; empty for what the bucket does by itself.
    ADD COLUMN encryption text COLLATE "C" NOT NULL DEFAULT '' CHECK (encryption IN ('', 'AES256', 'aws:kms'));
