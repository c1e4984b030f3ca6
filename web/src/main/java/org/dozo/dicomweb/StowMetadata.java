// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicomweb;

import jakarta.json.Json;
import jakarta.json.JsonException;
import jakarta.json.stream.JsonParser;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.function.Consumer;
import org.dozo.dicom.data.Dataset;
import org.dozo.dicom.data.Tag;
import org.dozo.dicom.io.DicomFormatException;
import org.dozo.dicom.io.DicomJsonReader;
import org.dozo.dicom.io.DicomLimitException;
import org.dozo.dicom.io.DicomXmlReader;
import org.dozo.dicom.io.LimitedStream;
import org.dozo.dicom.io.ParseLimits;
import org.dozo.ingest.StowObject;
import org.dozo.ingest.StowResult;
import org.dozo.ingest.StowService;
import org.dozo.shared.Failure;

/**
 * A request of metadata and bulk data, PS3.18 §10.5.1.2: all parts are spooled, then the objects are put together and stored one by one.
 * A BulkDataURI can name a part of the same request only; nothing else is ever opened.
 */
final class StowMetadata {

    static final String JSON = "application/dicom+json";
    static final String XML = "application/dicom+xml";

    private static final int MAX_LOCATION = 1024;

    private final StowService service;
    private final ParseLimits limits;
    private final Spool spool;
    private final String study;
    private final String address;
    private final List<Spool.Slice> documents = new ArrayList<>();
    private final List<Boolean> isXml = new ArrayList<>();
    private final Map<String, List<BulkPart>> bulk = new HashMap<>();

    /** @param study the Study Instance UID that all objects must have; empty for any */
    StowMetadata(StowService service, ParseLimits limits, Spool spool, String study, String address) {
        this.service = service;
        this.limits = limits;
        this.spool = spool;
        this.study = study;
        this.address = address;
    }

    /** Keeps a part until the request is complete. */
    void add(MultipartReader.Part part) throws IOException {
        ContentType type = ContentType.parse(part.type());
        if (type.is(JSON) || type.is(XML)) {
            documents.add(spool.keep(part.content()));
            isXml.add(type.is(XML));
            return;
        }
        String location = part.headers().getOrDefault("content-location", "");
        if (location.isEmpty() || location.length() > MAX_LOCATION) {
            throw new MultipartException(
                    Failure.MALFORMED_REQUEST,
                    "A part is neither application/dicom+json nor application/dicom+xml, and has no Content-Location of at"
                            + " most " + MAX_LOCATION + " characters by which a BulkDataURI could name it");
        }
        bulk.computeIfAbsent(location, _ -> new ArrayList<>()).add(new BulkPart(type, spool.keep(part.content())));
    }

    /** Stores all objects. */
    void store(Consumer<StowResult> results) throws IOException {
        for (int i = 0; i < documents.size(); i++) {
            try {
                if (isXml.get(i)) {
                    storeXml(documents.get(i), results);
                } else {
                    storeJson(documents.get(i), results);
                }
            } catch (DicomFormatException e) {
                results.accept(StowResult.refused(Failure.CANNOT_UNDERSTAND, String.valueOf(e.getMessage())));
            } catch (DicomLimitException e) {
                results.accept(StowResult.refused(Failure.LIMIT_EXCEEDED, String.valueOf(e.getMessage())));
            }
        }
    }

    private void storeXml(Spool.Slice document, Consumer<StowResult> results) throws IOException {
        BulkOfObject values = new BulkOfObject(bulk, limits);
        Dataset dataset;
        try (InputStream in = document.open()) {
            dataset = new DicomXmlReader(in, limits, values).read();
        }
        results.accept(store(dataset, values));
    }

    /** One object, or an array of them: what comes behind a malformed one can't be told apart, and is refused with it. */
    private void storeJson(Spool.Slice document, Consumer<StowResult> results) throws IOException {
        InputStream in =
                new LimitedStream(document.open(), "The JSON metadata", limits.headerBytes(), "limits.header-bytes");
        try (JsonParser parser = Json.createParser(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            expectArray(parser);
            while (true) {
                BulkOfObject values = new BulkOfObject(bulk, limits);
                Dataset dataset = new DicomJsonReader(parser, limits, values).readNext();
                if (dataset == null) {
                    return;
                }
                results.accept(store(dataset, values));
            }
        }
    }

    private static void expectArray(JsonParser parser) throws IOException {
        try {
            if (parser.next() == JsonParser.Event.START_ARRAY) {
                return;
            }
        } catch (NoSuchElementException | JsonException e) {
            if (e.getCause() instanceof IOException cause) {
                throw cause;
            }
            throw new DicomFormatException("The JSON is malformed or ends too early", e);
        }
        throw new DicomFormatException("The JSON metadata is no array of objects (PS3.18 F.2)");
    }

    private StowResult store(Dataset dataset, BulkOfObject values) throws IOException {
        String sopClass = dataset.getString(Tag.SOP_CLASS_UID, "");
        String instance = dataset.getString(Tag.SOP_INSTANCE_UID, "");
        String fault = values.fault();
        if (fault != null) {
            return new StowResult(sopClass, instance, "", "", Failure.CANNOT_UNDERSTAND, fault);
        }
        try (InputStream in = values.dataSet(dataset)) {
            return service.store(new StowObject(sopClass, instance, values.transferSyntax(), in), study, address);
        } catch (DicomFormatException e) {
            return new StowResult(
                    sopClass, instance, "", "", Failure.CANNOT_UNDERSTAND, String.valueOf(e.getMessage()));
        }
    }
}
