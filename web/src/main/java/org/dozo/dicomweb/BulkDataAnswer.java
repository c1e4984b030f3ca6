// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicomweb;

import jakarta.ws.rs.core.EntityTag;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.sql.SQLException;
import java.util.Optional;
import org.dozo.dicom.data.Tag;
import org.dozo.dicom.io.ElementPath;
import org.dozo.index.StoredInstance;
import org.dozo.retrieve.OutgoingBulkData;
import org.dozo.retrieve.RetrieveService;

/** One long value, whole or a range of it, PS3.18 §10.4.1.1.3. Compressed pixel data comes as its frames, but for video. */
final class BulkDataAnswer {

    private final RetrieveService service;
    private final HttpExchange exchange;

    BulkDataAnswer(RetrieveService service, HttpExchange exchange) {
        this.service = service;
        this.exchange = exchange;
    }

    Response answer(StoredInstance instance, ElementPath path) throws IOException, SQLException {
        OutgoingBulkData value = service.bulkData(instance, path);
        boolean handedOver = false;
        try {
            boolean video = PixelMediaTypes.video(value.transferSyntaxUid()).isPresent();
            if (value.isCompressed() && !video && path.equals(ElementPath.of(Tag.PIXEL_DATA))) {
                return new FramesAnswer(service, exchange).answerAll(instance);
            }
            String mediaType =
                    value.isCompressed() ? PixelMediaTypes.of(value.transferSyntaxUid()) : PixelMediaTypes.OCTETS;
            boolean multipart = exchange.accepted()
                    .choose(range -> form(range, mediaType))
                    .orElseThrow(() -> AcceptNegotiation.notAcceptable(
                            "This value can be had as " + mediaType + ", alone or in multipart/related."));
            String version = new Versions("bulk" + multipart)
                    .add(instance.objectName())
                    .add(path.toString())
                    .value();
            EntityTag tag = new EntityTag(version);
            Optional<Response> unchanged = exchange.unchanged(tag);
            if (unchanged.isPresent()) {
                return unchanged.get();
            }
            handedOver = !exchange.isHead();
            return multipart ? inPart(value, mediaType, version, instance) : alone(value, mediaType, tag, instance);
        } finally {
            if (!handedOver) {
                value.close();
            }
        }
    }

    /** Whether in a part; alone where the client leaves it open, since ranges can be had of that only. */
    private static Optional<Boolean> form(MediaRange range, String mediaType) {
        if (range.covers(mediaType)) {
            return Optional.of(false);
        }
        return range.coversMultipart(mediaType) ? Optional.of(true) : Optional.empty();
    }

    private Response inPart(OutgoingBulkData value, String mediaType, String version, StoredInstance instance) {
        StreamingOutput body = out -> {
            try (value) {
                ResponseBody to = ResponseBody.of(out, exchange.response(), true);
                MultipartWriter parts = new MultipartWriter(to.stream(), version);
                parts.begin(mediaType, value.length());
                try (InputStream bytes = value.open()) {
                    to.send(bytes);
                }
                parts.end();
            }
        };
        long length = new MultipartWriter.Length(version)
                .add(mediaType, value.length())
                .total();
        Response.ResponseBuilder answer = HttpExchange.answer(
                        Response.Status.OK.getStatusCode(),
                        MultipartWriter.contentType(mediaType, version),
                        new EntityTag(version),
                        instance.receivedAt())
                .header(HttpHeaders.CONTENT_LENGTH, length);
        return exchange.with(answer, body);
    }

    private Response alone(OutgoingBulkData value, String mediaType, EntityTag tag, StoredInstance instance)
            throws IOException {
        Optional<ByteRange> range = range(tag, value.length());
        if (range.isPresent() && !range.get().isSatisfiable()) {
            value.close();
            return Response.status(Response.Status.REQUESTED_RANGE_NOT_SATISFIABLE)
                    .header("Content-Range", range.get().contentRange(value.length()))
                    .type("text/plain; charset=utf-8")
                    .entity("The value has " + value.length() + " bytes")
                    .build();
        }
        ByteRange part = range.orElse(new ByteRange(0, value.length()));
        Response.ResponseBuilder answer = HttpExchange.answer(
                        range.isPresent()
                                ? Response.Status.PARTIAL_CONTENT.getStatusCode()
                                : Response.Status.OK.getStatusCode(),
                        mediaType,
                        tag,
                        instance.receivedAt())
                .header("Accept-Ranges", "bytes")
                .header(HttpHeaders.CONTENT_LENGTH, part.length());
        if (range.isPresent()) {
            answer.header("Content-Range", part.contentRange(value.length()));
        }
        StreamingOutput body = out -> write(value, part, out);
        return exchange.with(answer, body);
    }

    /** If-Range (RFC 9110 §13.1.5) with another version asks for the whole. */
    private Optional<ByteRange> range(EntityTag tag, long length) {
        String ifRange = exchange.header("If-Range");
        return ifRange == null || ifRange.equals("\"" + tag.getValue() + "\"")
                ? ByteRange.of(exchange.header("Range"), length)
                : Optional.empty();
    }

    private void write(OutgoingBulkData value, ByteRange part, OutputStream container) throws IOException {
        try (value;
                InputStream bytes = value.open()) {
            bytes.skipNBytes(part.first());
            ResponseBody body = ResponseBody.of(container, exchange.response(), true);
            byte[] block = new byte[64 << 10];
            for (long left = part.length(); left > 0; ) {
                int count = bytes.readNBytes(block, 0, (int) Math.min(block.length, left));
                if (count == 0) {
                    throw new IOException("The value ends " + left + " bytes early");
                }
                body.stream().write(block, 0, count);
                left -= count;
            }
        }
    }
}
