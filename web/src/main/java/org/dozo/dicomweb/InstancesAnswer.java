// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicomweb;

import jakarta.ws.rs.NotAcceptableException;
import jakarta.ws.rs.core.EntityTag;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import java.io.IOException;
import java.io.OutputStream;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.dozo.index.InstanceSelection;
import org.dozo.retrieve.AcceptedSyntaxes;
import org.dozo.retrieve.OutgoingObject;
import org.dozo.retrieve.PlannedObject;
import org.dozo.retrieve.RetrievalPlan;
import org.dozo.retrieve.RetrieveService;
import org.dozo.shared.Failure;
import org.dozo.shared.FailureException;

/** Whole instances, PS3.18 §10.4.1.1.1: as parts, as one file, or as a ZIP archive. */
final class InstancesAnswer {

    private static final String DICOM = "application/dicom";
    private static final String ZIP = "application/zip";
    private static final String HAD = "Instances can be had as multipart/related; type=\"application/dicom\" (with"
            + " transfer-syntax=* as they are stored), as application/zip, and a single one as application/dicom.";

    /** In what an answer holds its instances. */
    enum Form {
        MULTIPART,
        SINGLE,
        ZIP
    }

    private final RetrieveService service;
    private final HttpExchange exchange;

    InstancesAnswer(RetrieveService service, HttpExchange exchange) {
        this.service = service;
        this.exchange = exchange;
    }

    /** @param one whether the selection is of a single instance, which may come alone */
    Response answer(InstanceSelection selection, boolean one) throws IOException, SQLException {
        AcceptNegotiation accepted = exchange.accepted();
        Form form = accepted.choose(range -> form(range, one)).orElseThrow(() -> AcceptNegotiation.notAcceptable(HAD));
        List<String> syntaxes =
                accepted.syntaxes(range -> form(range, one).filter(form::equals).isPresent());
        return answer(selection, form, new AcceptedSyntaxes(syntaxes));
    }

    private static Optional<Form> form(MediaRange range, boolean one) {
        if (range.coversMultipart(DICOM)) {
            return Optional.of(Form.MULTIPART);
        }
        if (one && range.covers(DICOM)) {
            return Optional.of(Form.SINGLE);
        }
        return range.covers(ZIP) ? Optional.of(Form.ZIP) : Optional.empty();
    }

    Response answer(InstanceSelection selection, Form form, AcceptedSyntaxes syntaxes)
            throws IOException, SQLException {
        RetrievalPlan plan = service.plan(selection, syntaxes, exchange.wantsOriginal());
        if (plan.objects().isEmpty()) {
            throw nothing(plan);
        }
        String version = version(plan, form);
        EntityTag tag = new EntityTag(version);
        Optional<Response> unchanged = exchange.unchanged(tag);
        return unchanged.isPresent() ? unchanged.get() : answer(plan, form, version, tag);
    }

    private static RuntimeException nothing(RetrievalPlan plan) {
        if (plan.leftOut() == 0) {
            return WadoResource.notFound();
        }
        return plan.unaccepted().isEmpty()
                ? new FailureException(
                        Failure.STORAGE_UNAVAILABLE,
                        "No copy of what is asked for can be read now; check the volumes with ./dozo status, then try again")
                : new NotAcceptableException("What is asked for is stored in " + String.join(", ", plan.unaccepted())
                        + ", and can't be converted into the transfer syntaxes that Accept names. Ask with"
                        + " transfer-syntax=* for the instances as they are stored.");
    }

    private static String version(RetrievalPlan plan, Form form) {
        Versions version = new Versions(form.name());
        for (PlannedObject object : plan.objects()) {
            version.add(object.instance().objectName()).add(object.syntaxUid()).add(object.patch());
        }
        return version.value();
    }

    private Response answer(RetrievalPlan plan, Form form, String version, EntityTag tag)
            throws IOException, SQLException {
        Response.ResponseBuilder answer = HttpExchange.answer(
                plan.leftOut() == 0
                        ? Response.Status.OK.getStatusCode()
                        : Response.Status.PARTIAL_CONTENT.getStatusCode(),
                contentType(plan, form, version),
                tag,
                lastModified(plan));
        if (plan.leftOut() > 0) {
            answer.header(
                    "Warning",
                    "299 dozo \"" + plan.leftOut() + " of " + (plan.objects().size() + plan.leftOut())
                            + " instances are left out: " + plan.unreadable()
                            + " can't be read now, the others are stored in "
                            + String.join(", ", plan.unaccepted()) + "\"");
        }
        long length = length(plan, form, version);
        if (length >= 0) {
            answer.header(HttpHeaders.CONTENT_LENGTH, length);
        }
        StreamingOutput body = out -> write(plan, form, version, length >= 0, out);
        return exchange.with(answer, body);
    }

    private static String contentType(RetrievalPlan plan, Form form, String version) {
        return switch (form) {
            case MULTIPART -> MultipartWriter.contentType(DICOM, version);
            case SINGLE -> partType(plan.objects().getFirst().syntaxUid());
            case ZIP -> ZIP;
        };
    }

    private static String partType(String syntaxUid) {
        return DICOM + "; transfer-syntax=" + syntaxUid;
    }

    private static Instant lastModified(RetrievalPlan plan) {
        return plan.objects().stream()
                .map(object -> object.instance().receivedAt())
                .max(Instant::compareTo)
                .orElse(Instant.EPOCH);
    }

    /** Of the body in bytes; -1 if it is not known before it is made. */
    private long length(RetrievalPlan plan, Form form, String version) throws IOException, SQLException {
        if (form == Form.ZIP
                || (plan.objects().size() > 1 && !plan.objects().stream().allMatch(PlannedObject::isAsStored))) {
            return -1;
        }
        MultipartWriter.Length total = new MultipartWriter.Length(version);
        for (PlannedObject object : plan.objects()) {
            long length = length(object);
            if (length < 0 || form == Form.SINGLE) {
                return length;
            }
            total.add(partType(object.syntaxUid()), length);
        }
        return total.total();
    }

    private long length(PlannedObject planned) throws IOException, SQLException {
        if (planned.isAsStored()) {
            return planned.instance().fileLength();
        }
        try (OutgoingObject object = service.open(planned)) {
            return object.length();
        }
    }

    private void write(RetrievalPlan plan, Form form, String version, boolean lengthKnown, OutputStream container)
            throws IOException {
        Iterator<PlannedObject> objects = plan.objects().iterator();
        // The first is opened before anything is sent: what fails here is still answered with its status.
        OutgoingObject first = open(objects.next());
        ResponseBody body = ResponseBody.of(container, exchange.response(), lengthKnown);
        switch (form) {
            case SINGLE -> send(first, body);
            case MULTIPART -> writeParts(first, objects, new MultipartWriter(body.stream(), version), body);
            case ZIP -> writeZip(plan, first, body.stream());
        }
    }

    private void writeParts(
            OutgoingObject first, Iterator<PlannedObject> rest, MultipartWriter parts, ResponseBody body)
            throws IOException {
        OutgoingObject next = first;
        while (true) {
            parts.begin(partType(next.transferSyntaxUid()), next.length());
            send(next, body);
            if (!rest.hasNext()) {
                parts.end();
                return;
            }
            next = open(rest.next());
        }
    }

    private static void send(OutgoingObject object, ResponseBody body) throws IOException {
        try (object) {
            body.send(object);
        }
    }

    private void writeZip(RetrievalPlan plan, OutgoingObject first, OutputStream out) throws IOException {
        ZipOutputStream zip = new ZipOutputStream(out);
        zip.setLevel(Deflater.BEST_SPEED);
        boolean isFirst = true;
        for (PlannedObject planned : plan.objects()) {
            try (OutgoingObject object = isFirst ? first : open(planned)) {
                zip.putNextEntry(new ZipEntry(planned.instance().seriesInstanceUid() + "/"
                        + planned.instance().sopInstanceUid() + ".dcm"));
                ResponseBody.copy(object, zip);
                zip.closeEntry();
            }
            isFirst = false;
        }
        zip.finish();
        zip.flush();
    }

    private OutgoingObject open(PlannedObject planned) throws IOException {
        try {
            return service.open(planned);
        } catch (SQLException e) {
            throw new FailureException(Failure.of(e), "The database failed while instances were sent", e);
        }
    }
}
