-- SPDX-License-Identifier: Apache-2.0
-- The metadata of a series as WADO-RS answers it, made once: gzip of a JSON array. It holds for the edition of
-- the series that it names and is left alone when the series changes: whoever reads compares. Losing a row costs time, never truth.

CREATE TABLE series_metadata (
    series_fk bigint PRIMARY KEY REFERENCES series ON DELETE CASCADE,
    edition   text COLLATE "C" NOT NULL,
    -- What its BulkDataURIs begin with; asked for under another address, they are rewritten on the way.
    base_uri  text COLLATE "C" NOT NULL,
    body      bytea NOT NULL,
    made_at   timestamptz NOT NULL DEFAULT now()
);
ALTER TABLE series_metadata ALTER COLUMN body SET STORAGE EXTERNAL;
