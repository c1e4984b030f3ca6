// SPDX-License-Identifier: Apache-2.0
package org.dozo.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.dozo.dicom.DimseStatus;
import org.dozo.dicom.QueryOption;
import org.dozo.dicom.data.Dataset;
import org.dozo.dicom.data.Dictionary;
import org.dozo.dicom.data.Element;
import org.dozo.dicom.data.SopClasses;
import org.dozo.dicom.data.Tag;
import org.dozo.dicom.data.VR;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every given file that a node of its own has taken is found by C-FIND and by QIDO-RS at all levels, where pydicom says that it belongs,
 * and the counts of both doors and of the status are the same.
 */
@TestInstance(Lifecycle.PER_CLASS)
class EverythingFoundIT {

    private static final Path PYTHON = Path.of("/usr/bin/python3");

    /** One line a file: patient, issuer, study, series, instance; nothing of DOZO's own decides here. */
    private static final String GROUPING = """
            import sys, pydicom
            TAGS = ['PatientID', 'IssuerOfPatientID', 'StudyInstanceUID', 'SeriesInstanceUID', 'SOPInstanceUID']
            def text(data, tag):
                value = data.get(tag)
                return '' if value is None else str(value).strip(' \\0')
            for path in open(sys.argv[1], encoding='utf-8').read().splitlines():
                data = pydicom.dcmread(path, force=True, stop_before_pixels=True)
                if 'SOPInstanceUID' not in data:
                    data.SOPInstanceUID = data.file_meta.MediaStorageSOPInstanceUID
                print('\\x1f'.join(text(data, tag) for tag in TAGS))
            """;

    private DozoNode node;
    private Web web;
    /** By SOP Instance UID. */
    private final Map<String, Place> places = new TreeMap<>();

    /** Where an object belongs. */
    private record Place(String patientId, String issuer, String study, String series, String instance) {

        static Place of(String line) {
            String[] fields = line.split("\u001f", -1);
            return new Place(fields[0], fields[1], fields[2], fields[3], fields[4]);
        }

        /** A UID that some tool gave to series of two studies is that of two series. */
        String seriesOfStudy() {
            return study + " " + series;
        }

        /** Who has no Patient ID is a patient of one study only. */
        String patient() {
            return patientId.isEmpty() ? "of " + study : patientId + " of " + issuer;
        }
    }

    @BeforeAll
    void store(@TempDir Path temp) throws Exception {
        List<Path> files = new ArrayList<>(GivenFiles.below("dicom"));
        files.addAll(GivenFiles.below("series"));
        Assumptions.assumeFalse(files.isEmpty(), "There are no files below ../shared/data");
        Assumptions.assumeTrue(
                Shell.run(PYTHON.toString(), "-c", "import pydicom").exit() == 0,
                "There is no pydicom (Debian: python3-pydicom)");
        node = DozoNode.create("everything").up();
        web = new Web(node);
        List<String> taken = new ArrayList<>();
        for (Path file : files) {
            String answer = EveryGivenFileIT.send(node, file);
            if (answer.startsWith("0000") || answer.startsWith("B")) {
                taken.add(file.toString());
            }
        }
        assertTrue(taken.size() > files.size() / 2, taken.size() + " taken");
        group(taken, temp);
    }

    /** The first object of a SOP Instance UID is the one that counts; so is the first of a study for whose it is. */
    private void group(List<String> files, Path temp) throws Exception {
        Path list = Files.write(temp.resolve("files"), files);
        Path script = Files.writeString(temp.resolve("grouping.py"), GROUPING);
        Path output = temp.resolve("groups");
        Shell.run(
                        "sh",
                        "-c",
                        PYTHON + " -W ignore " + script + " " + list + " > " + output + " 2> " + temp.resolve("errors"))
                .orFail();
        Map<String, Place> studies = new TreeMap<>();
        for (String line : Files.readAllLines(output)) {
            Place place = Place.of(line);
            places.putIfAbsent(place.instance(), place);
            studies.putIfAbsent(place.study(), place);
        }
        places.replaceAll((uid, place) -> {
            Place first = studies.getOrDefault(place.study(), place);
            return new Place(first.patientId(), first.issuer(), place.study(), place.series(), uid);
        });
    }

    @AfterAll
    void end() throws Exception {
        if (node != null) {
            node.close();
        }
    }

    private Set<String> expected(Function<Place, String> what) {
        return places.values().stream().map(what).collect(Collectors.toCollection(TreeSet::new));
    }

    // --- at once

    @Test
    void dimseFindsEverythingAtEveryLevel() throws Exception {
        try (Finder finder = Finder.open(node, QueryOption.RELATIONAL)) {
            List<Dataset> patients = find(finder, "PATIENT", Tag.PATIENT_ID, Tag.ISSUER_OF_PATIENT_ID);
            assertEquals(expected(Place::patient).size(), patients.size());
            assertEquals(
                    expected(Place::patientId),
                    patients.stream()
                            .map(patient -> patient.getString(Tag.PATIENT_ID, ""))
                            .collect(Collectors.toCollection(TreeSet::new)));
            assertSame(expected(Place::study), find(finder, "STUDY", Tag.STUDY_INSTANCE_UID), Tag.STUDY_INSTANCE_UID);
            assertEquals(
                    expected(Place::seriesOfStudy), seriesOfStudies(find(finder, "SERIES", Tag.SERIES_INSTANCE_UID)));
            assertSame(expected(Place::instance), find(finder, "IMAGE", Tag.SOP_INSTANCE_UID), Tag.SOP_INSTANCE_UID);
        }
    }

    private static Set<String> seriesOfStudies(List<Dataset> found) {
        return found.stream()
                .map(series -> series.getString(Tag.STUDY_INSTANCE_UID, "") + " "
                        + series.getString(Tag.SERIES_INSTANCE_UID, ""))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static void assertSame(Set<String> expected, List<Dataset> found, int tag) {
        List<String> values =
                found.stream().map(match -> match.getString(tag, "")).toList();
        assertEquals(expected, new TreeSet<>(values));
        assertEquals(expected.size(), values.size(), "given twice");
    }

    @Test
    void dicomwebFindsEverythingAtEveryLevel() throws Exception {
        assertOnce(expected(Place::study), get("/studies", "0020000D"));
        assertEquals(expected(Place::series), new TreeSet<>(get("/series", "0020000E")));
        assertEquals(
                expected(Place::seriesOfStudy).size(),
                get("/series", "0020000E").size());
        assertOnce(expected(Place::instance), get("/instances", "00080018"));
        assertEquals(expected(Place::patientId), new TreeSet<>(get("/studies", "00100020")));
    }

    private static void assertOnce(Set<String> expected, List<String> found) {
        assertEquals(expected, new TreeSet<>(found));
        assertEquals(expected.size(), found.size(), "given twice");
    }

    @Test
    void theStatusCountsTheSame() throws Exception {
        Map<?, ?> counts = (Map<?, ?>) node.status().get("counts");
        assertEquals(expected(Place::patient).size(), counts.get("patients"));
        assertEquals(expected(Place::study).size(), counts.get("studies"));
        assertEquals(expected(Place::seriesOfStudy).size(), counts.get("series"));
        assertEquals(places.size(), counts.get("instances"));
    }

    // --- step by step, as a viewer does, and what each step counts

    @Test
    void dimseLeadsFromEachPatientToItsImages() throws Exception {
        Set<String> images = new HashSet<>();
        try (Finder finder = Finder.open(node)) {
            for (Dataset patient : find(finder, "PATIENT", Tag.PATIENT_ID, Tag.NUMBER_OF_PATIENT_RELATED_INSTANCES)) {
                String id = patient.getString(Tag.PATIENT_ID, "");
                if (id.isEmpty() || isPattern(id)) {
                    // Such an id can't be asked for in a hierarchical query.
                    continue;
                }
                Dataset studies = key(Tag.PATIENT_ID, id);
                for (Dataset study : find(finder, SopClasses.PATIENT_ROOT_FIND, "STUDY", studies)) {
                    assertTrue(expected(Place::study).contains(study.getString(Tag.STUDY_INSTANCE_UID, "")));
                }
            }
            for (Dataset study : find(
                    finder,
                    "STUDY",
                    Tag.STUDY_INSTANCE_UID,
                    Tag.NUMBER_OF_STUDY_RELATED_SERIES,
                    Tag.NUMBER_OF_STUDY_RELATED_INSTANCES)) {
                images.addAll(imagesOf(finder, study));
            }
        }
        assertEquals(places.keySet(), new TreeSet<>(images));
    }

    private List<String> imagesOf(Finder finder, Dataset study) throws IOException {
        String uid = study.getString(Tag.STUDY_INSTANCE_UID, "");
        List<String> images = new ArrayList<>();
        List<Dataset> series = find(finder, SopClasses.STUDY_ROOT_FIND, "SERIES", key(Tag.STUDY_INSTANCE_UID, uid));
        assertEquals(series.size(), study.getInt(Tag.NUMBER_OF_STUDY_RELATED_SERIES, -1), uid);
        for (Dataset one : series) {
            String seriesUid = one.getString(Tag.SERIES_INSTANCE_UID, "");
            Dataset keys = key(Tag.STUDY_INSTANCE_UID, uid).setString(Tag.SERIES_INSTANCE_UID, VR.UI, seriesUid);
            List<Dataset> found = find(finder, SopClasses.STUDY_ROOT_FIND, "IMAGE", keys);
            assertEquals(found.size(), one.getInt(Tag.NUMBER_OF_SERIES_RELATED_INSTANCES, -1), seriesUid);
            for (Dataset image : found) {
                Place place = places.get(image.getString(Tag.SOP_INSTANCE_UID, ""));
                assertEquals(uid + " " + seriesUid, place.study() + " " + place.series());
                images.add(place.instance());
            }
        }
        assertEquals(images.size(), study.getInt(Tag.NUMBER_OF_STUDY_RELATED_INSTANCES, -1), uid);
        return images;
    }

    @Test
    void dicomwebLeadsFromEachStudyToItsInstances() throws Exception {
        Set<String> images = new HashSet<>();
        for (String study : expected(Place::study)) {
            String path = "/studies/" + study;
            for (String series : get(path + "/series", "0020000E")) {
                List<String> instances = get(path + "/series/" + series + "/instances", "00080018");
                for (String instance : instances) {
                    Place place = places.get(instance);
                    assertEquals(study + " " + series, place.study() + " " + place.series());
                }
                images.addAll(instances);
            }
            Set<String> ofStudy = places.values().stream()
                    .filter(place -> place.study().equals(study))
                    .map(Place::instance)
                    .collect(Collectors.toCollection(TreeSet::new));
            assertOnce(ofStudy, get(path + "/instances", "00080018"));
        }
        assertEquals(places.keySet(), new TreeSet<>(images));
    }

    // --- asking

    private static boolean isPattern(String text) {
        return text.indexOf('*') >= 0 || text.indexOf('?') >= 0 || text.indexOf('\\') >= 0;
    }

    private static Dataset key(int tag, String value) {
        return new Dataset()
                .setString(Tag.SPECIFIC_CHARACTER_SET, VR.CS, "ISO_IR 192")
                .setString(tag, Dictionary.vr(tag), value);
    }

    private static List<Dataset> find(Finder finder, String level, int... returned) throws IOException {
        Dataset keys = new Dataset();
        for (int tag : returned) {
            keys.set(Element.ofBytes(tag, Dictionary.vr(tag), new byte[0]));
        }
        return find(
                finder,
                level.equals("PATIENT") ? SopClasses.PATIENT_ROOT_FIND : SopClasses.STUDY_ROOT_FIND,
                level,
                keys);
    }

    private static List<Dataset> find(Finder finder, String model, String level, Dataset keys) throws IOException {
        keys.setString(Tag.QUERY_RETRIEVE_LEVEL, VR.CS, level);
        for (int tag : List.of(
                Tag.STUDY_INSTANCE_UID,
                Tag.SERIES_INSTANCE_UID,
                Tag.SOP_INSTANCE_UID,
                Tag.NUMBER_OF_SERIES_RELATED_INSTANCES)) {
            if (!level.equals("PATIENT") && !keys.contains(tag)) {
                keys.set(Element.ofBytes(tag, Dictionary.vr(tag), new byte[0]));
            }
        }
        Finder.Answer answer = finder.find(model, keys);
        assertEquals(DimseStatus.SUCCESS, answer.status());
        return answer.matches();
    }

    private List<String> get(String path, String tag) throws Exception {
        HttpResponse<String> response = web.get("/dicomweb" + path, "Accept", "application/dicom+json");
        assertEquals(200, response.statusCode(), path + " " + response.body());
        List<String> values = new ArrayList<>();
        for (Object match : (List<?>) Web.json(response.body())) {
            DicomJsonModel.assertValid(match);
            values.add(DicomJsonModel.first(match, tag));
        }
        return values;
    }
}
