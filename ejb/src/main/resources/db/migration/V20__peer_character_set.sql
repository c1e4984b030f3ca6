-- SPDX-License-Identifier: Apache-2.0
-- Specific Character Set (0008,0005) of what a peer is answered by C-FIND; empty: chosen for each response.

ALTER TABLE peer ADD COLUMN character_set text COLLATE "C" NOT NULL DEFAULT '' CHECK (length(character_set) <= 300);
