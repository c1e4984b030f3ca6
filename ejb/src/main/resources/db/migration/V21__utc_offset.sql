-- SPDX-License-Identifier: Apache-2.0
-- Timezone Offset From UTC (0008,0201) of the first object of a study and of a series, in minutes; null: none that can be read, so
-- their dates and times are in the archive's own zone (query.timezone). What was filed before this release has none.

ALTER TABLE study ADD COLUMN utc_offset smallint CHECK (utc_offset BETWEEN -720 AND 840);
ALTER TABLE series ADD COLUMN utc_offset smallint CHECK (utc_offset BETWEEN -720 AND 840);
