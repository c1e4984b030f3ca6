// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicomweb;

import jakarta.ws.rs.BadRequestException;
import jakarta.ws.rs.NotAcceptableException;
import jakarta.ws.rs.core.EntityTag;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.dozo.index.StoredInstance;
import org.dozo.retrieve.OutgoingFrames;
import org.dozo.retrieve.RetrieveService;
import org.dozo.shared.Failure;
import org.dozo.shared.FailureException;

/** Frames as they are stored, PS3.18 §10.4.1.1.5. */
final class FramesAnswer {

    private static final Pattern LIST = Pattern.compile("[1-9][0-9]{0,8}(,[1-9][0-9]{0,8}){0,9999}");
    private static final String EXPLICIT_LITTLE = "1.2.840.10008.1.2.1";

    /** Native frames are in little endian, however they are stored. */
    private static final Set<String> NATIVE = Set.of(EXPLICIT_LITTLE, "1.2.840.10008.1.2");

    private final RetrieveService service;
    private final HttpExchange exchange;

    FramesAnswer(RetrieveService service, HttpExchange exchange) {
        this.service = service;
        this.exchange = exchange;
    }

    /**
     * How frames are sent.
     *
     * @param mediaType of each
     */
    private record Form(boolean multipart, String mediaType, String syntaxUid) {

        String partType() {
            return mediaType + "; transfer-syntax=" + syntaxUid;
        }
    }

    /** @param list the numbers of frames from 1, between commas */
    Response answer(StoredInstance instance, String list) throws IOException, SQLException {
        if (!LIST.matcher(list).matches()) {
            throw new BadRequestException(
                    "The list of frames must be up to 10000 numbers from 1, between commas: frames/1,2,3");
        }
        return answer(instance, Optional.of(list));
    }

    Response answerAll(StoredInstance instance) throws IOException, SQLException {
        return answer(instance, Optional.empty());
    }

    private Response answer(StoredInstance instance, Optional<String> list) throws IOException, SQLException {
        OutgoingFrames frames = service.frames(instance);
        boolean handedOver = false;
        try {
            int[] numbers = numbers(list, frames.count());
            Form form = exchange.accepted()
                    .choose(range -> form(range, frames, numbers.length == 1))
                    .orElseThrow(() -> notAcceptable(frames));
            String version = new Versions("frames")
                    .add(instance.objectName())
                    .add(form.toString())
                    .add(Arrays.toString(numbers))
                    .value();
            EntityTag tag = new EntityTag(version);
            Optional<Response> unchanged = exchange.unchanged(tag);
            if (unchanged.isPresent()) {
                return unchanged.get();
            }
            handedOver = !exchange.isHead();
            StreamingOutput body = out -> write(frames, numbers, form, version, out);
            Response.ResponseBuilder answer = HttpExchange.answer(
                            Response.Status.OK.getStatusCode(),
                            form.multipart() ? MultipartWriter.contentType(form.mediaType(), version) : form.partType(),
                            tag,
                            instance.receivedAt())
                    .header(HttpHeaders.CONTENT_LENGTH, length(frames, numbers, form, version));
            return exchange.with(answer, body);
        } finally {
            if (!handedOver) {
                frames.close();
            }
        }
    }

    private static int[] numbers(Optional<String> list, int count) {
        if (list.isEmpty()) {
            return IntStream.rangeClosed(1, count).toArray();
        }
        int[] numbers =
                Arrays.stream(list.get().split(",")).mapToInt(Integer::parseInt).toArray();
        for (int number : numbers) {
            if (number > count) {
                throw new FailureException(
                        Failure.NOT_FOUND, "There is no frame " + number + ": the instance has " + count);
            }
        }
        return numbers;
    }

    private static Optional<Form> form(MediaRange range, OutgoingFrames frames, boolean one) {
        String stored = frames.transferSyntaxUid();
        String natural = frames.areCompressed() ? PixelMediaTypes.of(stored) : PixelMediaTypes.OCTETS;
        String syntax = frames.areCompressed() ? stored : EXPLICIT_LITTLE;
        String wanted = range.parameters().get(MediaRange.TRANSFER_SYNTAX);
        boolean asStored = wanted != null && (wanted.equals(MediaRange.ANY_SYNTAX) || wanted.equals(stored));
        boolean suits = wanted == null || asStored || (!frames.areCompressed() && NATIVE.contains(wanted));
        if (suits && range.coversMultipart(natural)) {
            return Optional.of(new Form(true, natural, syntax));
        }
        // Viewers ask so for whatever there is; without a transfer syntax octets are uncompressed pixels.
        if (asStored && range.coversMultipart(PixelMediaTypes.OCTETS)) {
            return Optional.of(new Form(true, PixelMediaTypes.OCTETS, syntax));
        }
        return one && suits && range.covers(natural) ? Optional.of(new Form(false, natural, syntax)) : Optional.empty();
    }

    private static NotAcceptableException notAcceptable(OutgoingFrames frames) {
        String stored = frames.transferSyntaxUid();
        return AcceptNegotiation.notAcceptable(
                frames.areCompressed()
                        ? "The frames can be had as they are stored, in " + stored + ": as multipart/related; type=\""
                                + PixelMediaTypes.of(stored)
                                + "\", or type=\"application/octet-stream\"; transfer-syntax=*."
                        : "The frames can be had uncompressed: as multipart/related; type=\"application/octet-stream\".");
    }

    private static long length(OutgoingFrames frames, int[] numbers, Form form, String boundary) {
        if (!form.multipart()) {
            return frames.length(numbers[0]);
        }
        MultipartWriter.Length total = new MultipartWriter.Length(boundary);
        for (int number : numbers) {
            total.add(form.partType(), frames.length(number));
        }
        return total.total();
    }

    private void write(OutgoingFrames frames, int[] numbers, Form form, String boundary, OutputStream container)
            throws IOException {
        try (frames) {
            ResponseBody body = ResponseBody.of(container, exchange.response(), true);
            MultipartWriter parts = new MultipartWriter(body.stream(), boundary);
            for (int number : numbers) {
                if (form.multipart()) {
                    parts.begin(form.partType(), frames.length(number));
                }
                try (InputStream frame = frames.open(number)) {
                    body.send(frame);
                }
            }
            if (form.multipart()) {
                parts.end();
            }
        }
    }
}
