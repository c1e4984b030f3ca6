-- SPDX-License-Identifier: Apache-2.0
-- What is to be read otherwise than it was received: applied on the way out, the stored bytes never change. A row belongs to one
-- patient, study, series or instance and holds for every instance below it; the lower level wins, then the later row.

CREATE TABLE correction (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    patient_fk  bigint REFERENCES patient ON DELETE CASCADE,
    study_fk    bigint REFERENCES study ON DELETE CASCADE,
    series_fk   bigint REFERENCES series ON DELETE CASCADE,
    instance_fk bigint REFERENCES instance ON DELETE CASCADE,
    -- DICOM JSON Model, PS3.18 Annex F: each attribute replaces the one received; one without a value empties it.
    attributes  jsonb NOT NULL,
    reason      text NOT NULL,
    created_by  text NOT NULL,
    created_at  timestamptz NOT NULL DEFAULT now(),
    CHECK (num_nonnulls(patient_fk, study_fk, series_fk, instance_fk) = 1)
);
CREATE INDEX correction_patient ON correction (patient_fk) WHERE patient_fk IS NOT NULL;
CREATE INDEX correction_study ON correction (study_fk) WHERE study_fk IS NOT NULL;
CREATE INDEX correction_series ON correction (series_fk) WHERE series_fk IS NOT NULL;
CREATE INDEX correction_instance ON correction (instance_fk) WHERE instance_fk IS NOT NULL;
