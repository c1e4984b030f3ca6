-- SPDX-License-Identifier: Apache-2.0
-- What queries need. Nothing is taken away but two indexes, whose successors serve the release before this one as well.

-- One codeword for the sound of each word of the name, see org.dozo.index.NameSounds; filled when a patient is made.
ALTER TABLE patient ADD COLUMN name_sounds text[] COLLATE "C" NOT NULL DEFAULT '{}';
CREATE INDEX patient_name_sounds ON patient USING gin (name_sounds);

-- Procedure Code Sequence (0008,1032) of the study's first object.
CREATE TABLE study_procedure (
    study_fk      bigint NOT NULL REFERENCES study ON DELETE CASCADE,
    position      smallint NOT NULL,
    code_value    text COLLATE "C" NOT NULL DEFAULT '',
    coding_scheme text COLLATE "C" NOT NULL DEFAULT '',
    code_meaning  text NOT NULL DEFAULT '',
    PRIMARY KEY (study_fk, position)
);
CREATE INDEX study_procedure_code ON study_procedure (code_value, coding_scheme);

-- Studies by date, those without one first: one index for ranges and for both directions of paging.
CREATE INDEX study_date_order ON study ((coalesce(study_date, DATE '0001-01-01')), id);
DROP INDEX study_study_date;

-- The instances of a series in the order of arrival.
CREATE INDEX instance_series_id ON instance (series_fk, id);
DROP INDEX instance_series;
