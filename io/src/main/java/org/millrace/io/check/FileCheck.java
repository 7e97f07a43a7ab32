package org.millrace.io.check;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import org.millrace.engine.aof.AofFile;
import org.millrace.engine.aof.AofManifest;
import org.millrace.engine.aof.AofManifestException;
import org.millrace.io.file.HostFiles;
import org.millrace.io.file.LogDirectory;

/** Finds out what a file is, and has it looked through; of a directory all data that are in it. */
final class FileCheck
{
    private static final String SNAPSHOT_SUFFIX = ".rdb";
    private static final String AOF_SUFFIX = ".aof";
    private static final long MANIFEST_MAX = 1 << 24;

    private final Report report;
    private final ProgressLine progress;
    private final int biggest;

    FileCheck(final Report report, final ProgressLine progress, final int biggest)
    {
        this.report = report;
        this.progress = progress;
        this.biggest = biggest;
    }

    /** @return whether all is right. */
    boolean check(final Path path)
    {
        final String name = HostFiles.text(path);
        try
        {
            return Files.isDirectory(path)
                ? checkDirectory(path, name)
                : name.endsWith(AofManifest.SUFFIX) ? checkManifest(path, name) : checkData(path, name, true);
        }
        catch (final IOException e)
        {
            progress.end();
            return report.bad(name, HostFiles.reason(e));
        }
    }

    private boolean checkDirectory(final Path directory, final String name) throws IOException
    {
        final List<Path> files = new ArrayList<>();
        final List<Path> manifests = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory))
        {
            for (final Path entry : entries)
            {
                final String text = HostFiles.text(entry);
                if (entry.endsWith(LogDirectory.NAME))
                {
                    report.title(text, "the log of a durable node, which looks at it when it starts: not checked here");
                }
                else if (text.endsWith(AofManifest.SUFFIX))
                {
                    manifests.add(entry);
                }
                else if (text.endsWith(SNAPSHOT_SUFFIX) || text.endsWith(AOF_SUFFIX) || holdsManifest(entry))
                {
                    files.add(entry);
                }
            }
        }

        final List<Path> found = manifests.isEmpty() ? files : manifests;
        if (found.isEmpty())
        {
            return report.bad(name, "no snapshot and no append-only file is in this directory");
        }

        Collections.sort(found);
        boolean isRight = true;
        for (final Path file : found)
        {
            isRight &= check(file);
        }

        return isRight;
    }

    private static boolean holdsManifest(final Path path) throws IOException
    {
        if (!Files.isDirectory(path))
        {
            return false;
        }

        try (DirectoryStream<Path> entries = Files.newDirectoryStream(path, "*" + AofManifest.SUFFIX))
        {
            return entries.iterator().hasNext();
        }
    }

    private boolean checkManifest(final Path path, final String name) throws IOException
    {
        if (Files.size(path) > MANIFEST_MAX)
        {
            return report.bad(name, "it is too long for a manifest");
        }

        final AofManifest manifest;
        try
        {
            manifest = AofManifest.parse(new String(Files.readAllBytes(path), ISO_8859_1));
        }
        catch (final AofManifestException e)
        {
            return report.bad(name, String.join("; ", e.logLines().subList(1, e.logLines().size())));
        }

        report.title(name, "manifest of " + (null == manifest.base() ? "no base" : "a base") + " and " +
            manifest.increments().size() + " increments, " + manifest.historyCount() + " more to be deleted");
        boolean isRight = true;
        for (final Iterator<AofFile> files = manifest.files().iterator(); files.hasNext();)
        {
            final Path file = path.resolveSibling(HostFiles.path(files.next().name()));
            isRight &= checkPart(file, !files.hasNext());
        }

        return isRight;
    }

    private boolean checkPart(final Path file, final boolean isLast)
    {
        final String name = HostFiles.text(file);
        try
        {
            return checkData(file, name, isLast);
        }
        catch (final IOException e)
        {
            progress.end();
            return report.bad(name, HostFiles.reason(e));
        }
    }

    private boolean checkData(final Path path, final String name, final boolean isLast) throws IOException
    {
        try (FileInput input = new FileInput(path, name, progress))
        {
            input.fill(0);
            if (input.window().startsWith("REDIS") || input.window().startsWith("VALKEY"))
            {
                final boolean isAll = !name.endsWith(AOF_SUFFIX);
                return new RdbCheck(report, biggest).check(input, name, isAll) &&
                    (isAll || new AofCheck(report).check(input, name, isLast));
            }

            if (0 == input.length() && !name.endsWith(SNAPSHOT_SUFFIX))
            {
                report.title(name, "empty");
                return true;
            }

            return name.endsWith(SNAPSHOT_SUFFIX)
                ? report.bad(name, "it does not begin as a snapshot does (at byte 0)")
                : new AofCheck(report).check(input, name, isLast);
        }
    }
}
