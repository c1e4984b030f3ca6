// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.data;

/**
 * Data Element Tags, PS3.6. A tag is an {@code int}: group number in the high half, element number in the low one, in
 * unsigned order. Named are the attributes that the archive itself reads or writes; {@link Dictionary} knows all.
 */
public final class Tag {

    public static final int COMMAND_GROUP_LENGTH = 0x0000_0000;
    public static final int AFFECTED_SOP_CLASS_UID = 0x0000_0002;
    public static final int REQUESTED_SOP_CLASS_UID = 0x0000_0003;
    public static final int COMMAND_FIELD = 0x0000_0100;
    public static final int MESSAGE_ID = 0x0000_0110;
    public static final int MESSAGE_ID_BEING_RESPONDED_TO = 0x0000_0120;
    public static final int MOVE_DESTINATION = 0x0000_0600;
    public static final int PRIORITY = 0x0000_0700;
    public static final int COMMAND_DATA_SET_TYPE = 0x0000_0800;
    public static final int STATUS = 0x0000_0900;
    public static final int OFFENDING_ELEMENT = 0x0000_0901;
    public static final int ERROR_COMMENT = 0x0000_0902;
    public static final int ERROR_ID = 0x0000_0903;
    public static final int AFFECTED_SOP_INSTANCE_UID = 0x0000_1000;
    public static final int REQUESTED_SOP_INSTANCE_UID = 0x0000_1001;
    public static final int EVENT_TYPE_ID = 0x0000_1002;
    public static final int ATTRIBUTE_IDENTIFIER_LIST = 0x0000_1005;
    public static final int ACTION_TYPE_ID = 0x0000_1008;
    public static final int NUMBER_OF_REMAINING_SUBOPERATIONS = 0x0000_1020;
    public static final int NUMBER_OF_COMPLETED_SUBOPERATIONS = 0x0000_1021;
    public static final int NUMBER_OF_FAILED_SUBOPERATIONS = 0x0000_1022;
    public static final int NUMBER_OF_WARNING_SUBOPERATIONS = 0x0000_1023;
    public static final int MOVE_ORIGINATOR_APPLICATION_ENTITY_TITLE = 0x0000_1030;
    public static final int MOVE_ORIGINATOR_MESSAGE_ID = 0x0000_1031;
    public static final int FILE_META_INFORMATION_GROUP_LENGTH = 0x0002_0000;
    public static final int FILE_META_INFORMATION_VERSION = 0x0002_0001;
    public static final int MEDIA_STORAGE_SOP_CLASS_UID = 0x0002_0002;
    public static final int MEDIA_STORAGE_SOP_INSTANCE_UID = 0x0002_0003;
    public static final int TRANSFER_SYNTAX_UID = 0x0002_0010;
    public static final int IMPLEMENTATION_CLASS_UID = 0x0002_0012;
    public static final int IMPLEMENTATION_VERSION_NAME = 0x0002_0013;
    public static final int SOURCE_APPLICATION_ENTITY_TITLE = 0x0002_0016;
    public static final int SENDING_APPLICATION_ENTITY_TITLE = 0x0002_0017;
    public static final int RECEIVING_APPLICATION_ENTITY_TITLE = 0x0002_0018;
    public static final int PRIVATE_INFORMATION_CREATOR_UID = 0x0002_0100;
    public static final int PRIVATE_INFORMATION = 0x0002_0102;
    public static final int FILE_SET_ID = 0x0004_1130;
    public static final int OFFSET_OF_THE_FIRST_DIRECTORY_RECORD_OF_THE_ROOT_DIRECTORY_ENTITY = 0x0004_1200;
    public static final int DIRECTORY_RECORD_SEQUENCE = 0x0004_1220;
    public static final int OFFSET_OF_THE_NEXT_DIRECTORY_RECORD = 0x0004_1400;
    public static final int RECORD_IN_USE_FLAG = 0x0004_1410;
    public static final int OFFSET_OF_REFERENCED_LOWER_LEVEL_DIRECTORY_ENTITY = 0x0004_1420;
    public static final int DIRECTORY_RECORD_TYPE = 0x0004_1430;
    public static final int REFERENCED_FILE_ID = 0x0004_1500;
    public static final int REFERENCED_SOP_CLASS_UID_IN_FILE = 0x0004_1510;
    public static final int REFERENCED_SOP_INSTANCE_UID_IN_FILE = 0x0004_1511;
    public static final int SPECIFIC_CHARACTER_SET = 0x0008_0005;
    public static final int IMAGE_TYPE = 0x0008_0008;
    public static final int INSTANCE_CREATION_DATE = 0x0008_0012;
    public static final int INSTANCE_CREATION_TIME = 0x0008_0013;
    public static final int INSTANCE_CREATOR_UID = 0x0008_0014;
    public static final int SOP_CLASS_UID = 0x0008_0016;
    public static final int SOP_INSTANCE_UID = 0x0008_0018;
    public static final int STUDY_DATE = 0x0008_0020;
    public static final int SERIES_DATE = 0x0008_0021;
    public static final int ACQUISITION_DATE = 0x0008_0022;
    public static final int CONTENT_DATE = 0x0008_0023;
    public static final int ACQUISITION_DATE_TIME = 0x0008_002A;
    public static final int STUDY_TIME = 0x0008_0030;
    public static final int SERIES_TIME = 0x0008_0031;
    public static final int ACQUISITION_TIME = 0x0008_0032;
    public static final int CONTENT_TIME = 0x0008_0033;
    public static final int ACCESSION_NUMBER = 0x0008_0050;
    public static final int ISSUER_OF_ACCESSION_NUMBER_SEQUENCE = 0x0008_0051;
    public static final int QUERY_RETRIEVE_LEVEL = 0x0008_0052;
    public static final int RETRIEVE_AE_TITLE = 0x0008_0054;
    public static final int INSTANCE_AVAILABILITY = 0x0008_0056;
    public static final int FAILED_SOP_INSTANCE_UID_LIST = 0x0008_0058;
    public static final int MODALITY = 0x0008_0060;
    public static final int MODALITIES_IN_STUDY = 0x0008_0061;
    public static final int SOP_CLASSES_IN_STUDY = 0x0008_0062;
    public static final int CONVERSION_TYPE = 0x0008_0064;
    public static final int MANUFACTURER = 0x0008_0070;
    public static final int INSTITUTION_NAME = 0x0008_0080;
    public static final int INSTITUTION_ADDRESS = 0x0008_0081;
    public static final int REFERRING_PHYSICIAN_NAME = 0x0008_0090;
    public static final int CODE_VALUE = 0x0008_0100;
    public static final int CODING_SCHEME_DESIGNATOR = 0x0008_0102;
    public static final int CODE_MEANING = 0x0008_0104;
    public static final int TIMEZONE_OFFSET_FROM_UTC = 0x0008_0201;
    public static final int STATION_NAME = 0x0008_1010;
    public static final int STUDY_DESCRIPTION = 0x0008_1030;
    public static final int PROCEDURE_CODE_SEQUENCE = 0x0008_1032;
    public static final int SERIES_DESCRIPTION = 0x0008_103E;
    public static final int INSTITUTIONAL_DEPARTMENT_NAME = 0x0008_1040;
    public static final int PERFORMING_PHYSICIAN_NAME = 0x0008_1050;
    public static final int NAME_OF_PHYSICIANS_READING_STUDY = 0x0008_1060;
    public static final int OPERATORS_NAME = 0x0008_1070;
    public static final int ADMITTING_DIAGNOSES_DESCRIPTION = 0x0008_1080;
    public static final int MANUFACTURER_MODEL_NAME = 0x0008_1090;
    public static final int REFERENCED_STUDY_SEQUENCE = 0x0008_1110;
    public static final int REFERENCED_PERFORMED_PROCEDURE_STEP_SEQUENCE = 0x0008_1111;
    public static final int REFERENCED_SERIES_SEQUENCE = 0x0008_1115;
    public static final int REFERENCED_PATIENT_SEQUENCE = 0x0008_1120;
    public static final int REFERENCED_IMAGE_SEQUENCE = 0x0008_1140;
    public static final int REFERENCED_SOP_CLASS_UID = 0x0008_1150;
    public static final int REFERENCED_SOP_INSTANCE_UID = 0x0008_1155;
    public static final int TRANSACTION_UID = 0x0008_1195;
    public static final int RETRIEVE_URL = 0x0008_1190;
    public static final int FAILURE_REASON = 0x0008_1197;
    public static final int FAILED_SOP_SEQUENCE = 0x0008_1198;
    public static final int REFERENCED_SOP_SEQUENCE = 0x0008_1199;
    public static final int OTHER_FAILURES_SEQUENCE = 0x0008_119A;
    public static final int AVAILABLE_TRANSFER_SYNTAX_UID = 0x0008_3002;
    public static final int DERIVATION_DESCRIPTION = 0x0008_2111;
    public static final int SOURCE_IMAGE_SEQUENCE = 0x0008_2112;
    public static final int PATIENT_NAME = 0x0010_0010;
    public static final int PATIENT_ID = 0x0010_0020;
    public static final int ISSUER_OF_PATIENT_ID = 0x0010_0021;
    public static final int TYPE_OF_PATIENT_ID = 0x0010_0022;
    public static final int ISSUER_OF_PATIENT_ID_QUALIFIERS_SEQUENCE = 0x0010_0024;
    public static final int PATIENT_BIRTH_DATE = 0x0010_0030;
    public static final int PATIENT_BIRTH_TIME = 0x0010_0032;
    public static final int PATIENT_SEX = 0x0010_0040;
    public static final int OTHER_PATIENT_IDS = 0x0010_1000;
    public static final int OTHER_PATIENT_NAMES = 0x0010_1001;
    public static final int OTHER_PATIENT_IDS_SEQUENCE = 0x0010_1002;
    public static final int PATIENT_AGE = 0x0010_1010;
    public static final int PATIENT_SIZE = 0x0010_1020;
    public static final int PATIENT_WEIGHT = 0x0010_1030;
    public static final int PATIENT_MOTHER_BIRTH_NAME = 0x0010_1060;
    public static final int ETHNIC_GROUP = 0x0010_2160;
    public static final int PATIENT_COMMENTS = 0x0010_4000;
    public static final int PATIENT_IDENTITY_REMOVED = 0x0012_0062;
    public static final int CONTRAST_BOLUS_AGENT = 0x0018_0010;
    public static final int BODY_PART_EXAMINED = 0x0018_0015;
    public static final int SLICE_THICKNESS = 0x0018_0050;
    public static final int KVP = 0x0018_0060;
    public static final int SPACING_BETWEEN_SLICES = 0x0018_0088;
    public static final int DEVICE_SERIAL_NUMBER = 0x0018_1000;
    public static final int SOFTWARE_VERSIONS = 0x0018_1020;
    public static final int PROTOCOL_NAME = 0x0018_1030;
    public static final int PATIENT_POSITION = 0x0018_5100;
    public static final int VIEW_POSITION = 0x0018_5101;
    public static final int STUDY_INSTANCE_UID = 0x0020_000D;
    public static final int SERIES_INSTANCE_UID = 0x0020_000E;
    public static final int STUDY_ID = 0x0020_0010;
    public static final int SERIES_NUMBER = 0x0020_0011;
    public static final int ACQUISITION_NUMBER = 0x0020_0012;
    public static final int INSTANCE_NUMBER = 0x0020_0013;
    public static final int PATIENT_ORIENTATION = 0x0020_0020;
    public static final int IMAGE_POSITION_PATIENT = 0x0020_0032;
    public static final int IMAGE_ORIENTATION_PATIENT = 0x0020_0037;
    public static final int FRAME_OF_REFERENCE_UID = 0x0020_0052;
    public static final int LATERALITY = 0x0020_0060;
    public static final int SLICE_LOCATION = 0x0020_1041;
    public static final int NUMBER_OF_PATIENT_RELATED_STUDIES = 0x0020_1200;
    public static final int NUMBER_OF_PATIENT_RELATED_SERIES = 0x0020_1202;
    public static final int NUMBER_OF_PATIENT_RELATED_INSTANCES = 0x0020_1204;
    public static final int NUMBER_OF_STUDY_RELATED_SERIES = 0x0020_1206;
    public static final int NUMBER_OF_STUDY_RELATED_INSTANCES = 0x0020_1208;
    public static final int NUMBER_OF_SERIES_RELATED_INSTANCES = 0x0020_1209;
    public static final int IMAGE_COMMENTS = 0x0020_4000;
    public static final int SAMPLES_PER_PIXEL = 0x0028_0002;
    public static final int PHOTOMETRIC_INTERPRETATION = 0x0028_0004;
    public static final int PLANAR_CONFIGURATION = 0x0028_0006;
    public static final int NUMBER_OF_FRAMES = 0x0028_0008;
    public static final int ROWS = 0x0028_0010;
    public static final int COLUMNS = 0x0028_0011;
    public static final int PIXEL_SPACING = 0x0028_0030;
    public static final int BITS_ALLOCATED = 0x0028_0100;
    public static final int BITS_STORED = 0x0028_0101;
    public static final int HIGH_BIT = 0x0028_0102;
    public static final int PIXEL_REPRESENTATION = 0x0028_0103;
    public static final int SMALLEST_IMAGE_PIXEL_VALUE = 0x0028_0106;
    public static final int LARGEST_IMAGE_PIXEL_VALUE = 0x0028_0107;
    public static final int PIXEL_PADDING_VALUE = 0x0028_0120;
    public static final int BURNED_IN_ANNOTATION = 0x0028_0301;
    public static final int WINDOW_CENTER = 0x0028_1050;
    public static final int WINDOW_WIDTH = 0x0028_1051;
    public static final int RESCALE_INTERCEPT = 0x0028_1052;
    public static final int RESCALE_SLOPE = 0x0028_1053;
    public static final int LOSSY_IMAGE_COMPRESSION = 0x0028_2110;
    public static final int LOSSY_IMAGE_COMPRESSION_RATIO = 0x0028_2112;
    public static final int LOSSY_IMAGE_COMPRESSION_METHOD = 0x0028_2114;
    public static final int REQUESTING_PHYSICIAN = 0x0032_1032;
    public static final int REQUESTING_SERVICE = 0x0032_1033;
    public static final int REQUESTED_PROCEDURE_DESCRIPTION = 0x0032_1060;
    public static final int REQUESTED_PROCEDURE_CODE_SEQUENCE = 0x0032_1064;
    public static final int ADMISSION_ID = 0x0038_0010;
    public static final int CURRENT_PATIENT_LOCATION = 0x0038_0300;
    public static final int SCHEDULED_STATION_AE_TITLE = 0x0040_0001;
    public static final int SCHEDULED_PROCEDURE_STEP_START_DATE = 0x0040_0002;
    public static final int SCHEDULED_PROCEDURE_STEP_START_TIME = 0x0040_0003;
    public static final int SCHEDULED_PERFORMING_PHYSICIAN_NAME = 0x0040_0006;
    public static final int SCHEDULED_PROCEDURE_STEP_DESCRIPTION = 0x0040_0007;
    public static final int SCHEDULED_PROTOCOL_CODE_SEQUENCE = 0x0040_0008;
    public static final int SCHEDULED_PROCEDURE_STEP_ID = 0x0040_0009;
    public static final int LOCAL_NAMESPACE_ENTITY_ID = 0x0040_0031;
    public static final int UNIVERSAL_ENTITY_ID = 0x0040_0032;
    public static final int UNIVERSAL_ENTITY_ID_TYPE = 0x0040_0033;
    public static final int ASSIGNING_FACILITY_SEQUENCE = 0x0040_0036;
    public static final int SCHEDULED_PROCEDURE_STEP_SEQUENCE = 0x0040_0100;
    public static final int PERFORMED_PROCEDURE_STEP_START_DATE = 0x0040_0244;
    public static final int PERFORMED_PROCEDURE_STEP_START_TIME = 0x0040_0245;
    public static final int PERFORMED_PROCEDURE_STEP_STATUS = 0x0040_0252;
    public static final int PERFORMED_PROCEDURE_STEP_ID = 0x0040_0253;
    public static final int REQUEST_ATTRIBUTES_SEQUENCE = 0x0040_0275;
    public static final int REQUESTED_PROCEDURE_ID = 0x0040_1001;
    public static final int REQUESTED_PROCEDURE_PRIORITY = 0x0040_1003;
    public static final int PLACER_ORDER_NUMBER_IMAGING_SERVICE_REQUEST = 0x0040_2016;
    public static final int FILLER_ORDER_NUMBER_IMAGING_SERVICE_REQUEST = 0x0040_2017;
    public static final int VALUE_TYPE = 0x0040_A040;
    public static final int CONCEPT_NAME_CODE_SEQUENCE = 0x0040_A043;
    public static final int COMPLETION_FLAG = 0x0040_A491;
    public static final int VERIFICATION_FLAG = 0x0040_A493;
    public static final int CONTENT_SEQUENCE = 0x0040_A730;
    public static final int DOCUMENT_TITLE = 0x0042_0010;
    public static final int ENCAPSULATED_DOCUMENT = 0x0042_0011;
    public static final int MIME_TYPE_OF_ENCAPSULATED_DOCUMENT = 0x0042_0012;
    public static final int STORAGE_MEDIA_FILE_SET_ID = 0x0088_0130;
    public static final int ICON_IMAGE_SEQUENCE = 0x0088_0200;
    public static final int ORIGINAL_ATTRIBUTES_SEQUENCE = 0x0400_0561;
    public static final int SHARED_FUNCTIONAL_GROUPS_SEQUENCE = 0x5200_9229;
    public static final int PER_FRAME_FUNCTIONAL_GROUPS_SEQUENCE = 0x5200_9230;
    public static final int WAVEFORM_SEQUENCE = 0x5400_0100;
    public static final int WAVEFORM_DATA = 0x5400_1010;
    public static final int EXTENDED_OFFSET_TABLE = 0x7FE0_0001;
    public static final int EXTENDED_OFFSET_TABLE_LENGTHS = 0x7FE0_0002;
    public static final int FLOAT_PIXEL_DATA = 0x7FE0_0008;
    public static final int DOUBLE_FLOAT_PIXEL_DATA = 0x7FE0_0009;
    public static final int PIXEL_DATA = 0x7FE0_0010;
    public static final int DIGITAL_SIGNATURES_SEQUENCE = 0xFFFA_FFFA;
    public static final int DATA_SET_TRAILING_PADDING = 0xFFFC_FFFC;

    /** Item, PS3.5 §7.5. */
    public static final int ITEM = 0xFFFE_E000;
    /** Item Delimitation Item. */
    public static final int ITEM_DELIMITATION_ITEM = 0xFFFE_E00D;
    /** Sequence Delimitation Item. */
    public static final int SEQUENCE_DELIMITATION_ITEM = 0xFFFE_E0DD;

    private Tag() {}

    /** As the standard prints it: {@code (0010,0020)}. */
    public static String toString(int tag) {
        char[] text = new char[11];
        text[0] = '(';
        text[5] = ',';
        text[10] = ')';
        for (int i = 0; i < 8; i++) {
            text[i < 4 ? i + 1 : i + 2] = Character.toUpperCase(Character.forDigit((tag >>> (28 - 4 * i)) & 0xF, 16));
        }
        return new String(text);
    }

    public static int group(int tag) {
        return tag >>> 16;
    }

    public static int element(int tag) {
        return tag & 0xFFFF;
    }

    /** Whether the group number is odd, PS3.5 §7.8. */
    public static boolean isPrivate(int tag) {
        return (tag & 0x0001_0000) != 0;
    }

    /** Whether it is (gggg,0010) to (gggg,00FF) of an odd group: the name of who owns a block, PS3.5 §7.8.1. */
    public static boolean isPrivateCreator(int tag) {
        return isPrivate(tag) && element(tag) >= 0x10 && element(tag) <= 0xFF;
    }

    /** The tag of the Private Creator that owns a private tag's block, or 0 if it lies in no block. */
    public static int creatorOf(int privateTag) {
        int block = element(privateTag) >>> 8;
        return isPrivate(privateTag) && block >= 0x10 ? (privateTag & 0xFFFF_0000) | block : 0;
    }

    /** Whether it is a Group Length (gggg,0000), PS3.5 §7.2. */
    public static boolean isGroupLength(int tag) {
        return element(tag) == 0;
    }

    /** Whether it holds pixels: Float Pixel Data, Double Float Pixel Data or Pixel Data of group 7FE0. */
    public static boolean isPixelData(int tag) {
        return tag == PIXEL_DATA || tag == FLOAT_PIXEL_DATA || tag == DOUBLE_FLOAT_PIXEL_DATA;
    }
}
