package org.millrace.engine.snapshot;

import org.millrace.engine.base.Check;

/**
 * Which segments of an image stay in memory: what is over the window goes to the spool file, or is dropped where all
 * readers have passed it; and what is done where the file does not keep up. Owned by the snapshotter.
 */
final class ImageSpool
{
    /** More segments than one batch of entries, or one step of a value, can fill. */
    private static final int ROOM_MIN = 2;

    /** Segments on their way to the file at the same time. */
    private static final int UNDER_WAY_MAX = 4;

    private final Image image;
    private final SpoolStorage storage;
    private final int segmentLength;
    private final int windowSegments;
    private final int spoolFrom;
    private final boolean mayGiveUpLateJoiners;
    private final int comfortableRoom;

    /** Pages of the file that segments in memory were given, at their slots; NOT_FILED for none. */
    private final int[] pages;
    private int pageCount;

    /** Segments before this one were given to the file, or are not wanted. */
    private int submitted;

    /** Why nothing goes to the file any more; null while it takes what comes. */
    private String fileFailure;

    /**
     * @param windowSegments segments that stay in memory; beyond them, and the image's extra ones, the file is begun.
     * @param mayGiveUpLateJoiners whether late joiners are given up where the file does not keep up; else the image
     *                             waits for it.
     */
    ImageSpool(
        final Image image,
        final SpoolStorage storage,
        final int windowSegments,
        final boolean mayGiveUpLateJoiners)
    {
        this.image = image;
        this.storage = storage;
        this.windowSegments = windowSegments;
        spoolFrom = windowSegments + image.extraSegments();
        this.mayGiveUpLateJoiners = mayGiveUpLateJoiners;
        pages = new int[image.maxSegments()];
        comfortableRoom = Math.max(ROOM_MIN, (image.maxSegments() - windowSegments) / 2);
        segmentLength = image.segmentLength();
    }

    /**
     * Bring what is over the window of memory on its way to the file, and let go of what has arrived there.
     *
     * @return true if something was done.
     */
    boolean doWork()
    {
        if (image.isAborted() || image.segmentsInMemory() < windowSegments)
        {
            return false;
        }

        boolean hasWorked = submit();
        while (image.segmentsInMemory() >= windowSegments && letGoOfOldest())
        {
            hasWorked = true;
        }

        return hasWorked;
    }

    /**
     * True while there is no room for more: the file or the readers must come on first. What the cut then reports stays
     * in its ring, which in the end holds the walk back.
     *
     * @param isUrgent the ring is full, so that all there is may be used.
     */
    boolean isWaiting(final boolean isUrgent)
    {
        final int needed = isUrgent ? ROOM_MIN : comfortableRoom;
        while (image.room() < needed && !image.isAborted())
        {
            if (!makeRoom())
            {
                return true;
            }
        }

        return false;
    }

    /** What the image waits for, for the log. */
    String waitingFor()
    {
        return null == fileFailure ? "the spool file does not keep up with the writes" : fileFailure;
    }

    /** One segment less in memory; false if all are needed there for now. */
    boolean makeRoom()
    {
        submit();
        if (letGoOfOldest())
        {
            return true;
        }

        if (!mayGiveUpLateJoiners || !image.isServingLateJoiners() || !image.isPassed(image.firstInMemory()))
        {
            return false;
        }

        // Waiting for the disk would slow down those who are here for the sake of those who might come.
        image.stopServingLateJoiners();
        return image.dropOldestIfPassed();
    }

    private boolean letGoOfOldest()
    {
        final int oldest = image.firstInMemory();
        if (oldest + 1 >= image.segmentCount())
        {
            return false;
        }

        final int page = oldest < submitted ? pages[oldest % pages.length] : Image.NOT_FILED;
        if (Image.NOT_FILED != page && image.file().length() >= (page + 1L) * segmentLength)
        {
            image.oldestIsFiled(page);
            return true;
        }

        return image.dropOldestIfPassed();
    }

    /** Give full segments to the file, a few at a time; true if one was given. */
    private boolean submit()
    {
        boolean hasSubmitted = false;
        submitted = Math.max(submitted, image.firstInMemory());
        while (null == fileFailure && submitted + 1 < image.segmentCount() &&
            image.segmentCount() - submitted >= spoolFrom)
        {
            if (!image.isWanted(submitted))
            {
                pages[submitted % pages.length] = Image.NOT_FILED;
                submitted++;
            }
            else if (!append(submitted))
            {
                break;
            }
            else
            {
                hasSubmitted = true;
            }
        }

        return hasSubmitted;
    }

    private boolean append(final int index)
    {
        SpoolFile file = image.file();
        if (null == file)
        {
            file = storage.create();
            if (null == file)
            {
                doWithoutFile("the spool file cannot be created");
                return false;
            }

            image.file(file);
        }

        if (null != file.failure())
        {
            doWithoutFile("the spool file cannot grow: " + file.failure());
            return false;
        }

        if (pageCount - file.length() / segmentLength >= UNDER_WAY_MAX)
        {
            return false;
        }

        final ImageSegment segment = image.segment(index);
        final boolean isHeld = segment.acquire();
        Check.that(isHeld, "segment of an image is gone: index, segments", index, image.segmentCount());
        pages[index % pages.length] = pageCount++;
        submitted++;
        if (!file.append(segment.view(), segment.releaser()))
        {
            doWithoutFile("the spool file cannot grow: " + file.failure());
            return false;
        }

        return true;
    }

    /** Why nothing goes to the file any more; null while it takes what comes. */
    String fileFailure()
    {
        return fileFailure;
    }

    /** What all readers have passed is dropped from now on, so that those who keep up may go on to the end. */
    private void doWithoutFile(final String reason)
    {
        fileFailure = reason;
        image.stopServingLateJoiners();
    }
}
