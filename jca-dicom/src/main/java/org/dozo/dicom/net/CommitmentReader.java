// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.net;

import java.io.IOException;
import java.io.InputStream;
import org.dozo.dicom.CommitmentRequest;
import org.dozo.dicom.CommitmentResult;
import org.dozo.dicom.io.DicomFormatException;
import org.dozo.dicom.io.DicomLimitException;

/** Reads the data sets of storage commitment, of strangers: as many references as the setting grants, and not a byte more. */
public final class CommitmentReader {

    /** What the setting may be at most. */
    public static final int MOST_REFERENCES = 200_000;

    private static final String SETTING = "dicom.max-commitment";

    /** Two UIDs of 64 characters with their headers in any syntax, and room for what nobody needs. */
    private static final int BYTES_EACH = 256;

    private static final int ELEMENTS_EACH = 6;
    private static final int BESIDES = 4096;

    private final int most;
    private final IdentifierReader reader;

    /** @param most references of one data set, 1 to {@link #MOST_REFERENCES}; each costs about 500 bytes of heap while it is read */
    public CommitmentReader(int most) {
        this.most = most;
        reader = new IdentifierReader(most * BYTES_EACH + BESIDES, most * ELEMENTS_EACH + BESIDES, SETTING);
    }

    /**
     * Reads to the end of the stream.
     *
     * @throws DicomFormatException if it is no request
     * @throws DicomLimitException if it has more references than are taken
     * @throws IOException of the stream
     */
    public CommitmentRequest request(InputStream in, String transferSyntaxUid) throws IOException {
        CommitmentRequest request = CommitmentDataSets.request(reader.read(in, transferSyntaxUid));
        requireFew(request.references().size());
        return request;
    }

    /** As {@link #request}. */
    public CommitmentResult result(InputStream in, String transferSyntaxUid) throws IOException {
        CommitmentResult result = CommitmentDataSets.result(reader.read(in, transferSyntaxUid));
        requireFew(result.committed().size() + result.failed().size());
        return result;
    }

    private void requireFew(int references) throws DicomLimitException {
        if (references > most) {
            throw new DicomLimitException("The number of references, " + references + ",", most, SETTING);
        }
    }
}
