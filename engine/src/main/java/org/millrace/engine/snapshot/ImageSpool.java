package org.millrace.engine.snapshot;

import org.millrace.engine.base.Check;

/**
 * Which slices of an image stay in memory: what is over the window goes to the spool file, or is dropped where all
 * readers have passed it; and what is done where the file does not keep up. Owned by the snapshotter.
 */
final class ImageSpool
{
    /** More slices than one batch of entries, or one step of a value, can fill. */
    private static final int ROOM_MIN = 2;

    /** Slices on their way to the file at the same time. */
    private static final int UNDER_WAY_MAX = 4;

    private final Image image;
    private final SpoolStorage storage;
    private final int sliceLength;
    private final int windowSlices;
    private final int spoolFrom;
    private final boolean mayGiveUpLateJoiners;
    private final int comfortableRoom;

    /** Places of the file that slices in memory were given, at their slots; NOT_FILED for none. */
    private final int[] places;
    private int placeCount;

    /** Slices before this one were given to the file, or are not wanted. */
    private int submitted;

    /** Why nothing goes to the file any more; null while it takes what comes. */
    private String fileFailure;

    /**
     * @param windowSlices slices that stay in memory; beyond them, and the image's extra ones, the file is begun.
     * @param mayGiveUpLateJoiners whether late joiners are given up where the file does not keep up; else the image
     *                             waits for it.
     */
    ImageSpool(
        final Image image,
        final SpoolStorage storage,
        final int windowSlices,
        final boolean mayGiveUpLateJoiners)
    {
        this.image = image;
        this.storage = storage;
        this.windowSlices = windowSlices;
        spoolFrom = windowSlices + image.extraSlices();
        this.mayGiveUpLateJoiners = mayGiveUpLateJoiners;
        places = new int[image.maxSlices()];
        comfortableRoom = Math.max(ROOM_MIN, (image.maxSlices() - windowSlices) / 2);
        sliceLength = image.sliceLength();
    }

    /**
     * Bring what is over the window of memory on its way to the file, and let go of what has arrived there.
     *
     * @return true if something was done.
     */
    boolean doWork()
    {
        if (image.isAborted() || image.slicesInMemory() < windowSlices)
        {
            return false;
        }

        boolean hasWorked = submit();
        while (image.slicesInMemory() >= windowSlices && letGoOfOldest())
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

    /** One slice less in memory; false if all are needed there for now. */
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
        if (oldest + 1 >= image.sliceCount())
        {
            return false;
        }

        final int place = oldest < submitted ? places[oldest % places.length] : Image.NOT_FILED;
        if (Image.NOT_FILED != place && image.file().length() >= (place + 1L) * sliceLength)
        {
            image.oldestIsFiled(place);
            return true;
        }

        return image.dropOldestIfPassed();
    }

    /** Give full slices to the file, a few at a time; true if one was given. */
    private boolean submit()
    {
        boolean hasSubmitted = false;
        submitted = Math.max(submitted, image.firstInMemory());
        while (null == fileFailure && submitted + 1 < image.sliceCount() &&
            image.sliceCount() - submitted >= spoolFrom)
        {
            if (!image.isWanted(submitted))
            {
                places[submitted % places.length] = Image.NOT_FILED;
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

        if (placeCount - file.length() / sliceLength >= UNDER_WAY_MAX)
        {
            return false;
        }

        final ImageSlice slice = image.slice(index);
        final boolean isHeld = slice.acquire();
        Check.that(isHeld, "slice of an image is gone: index, slices", index, image.sliceCount());
        places[index % places.length] = placeCount++;
        submitted++;
        if (!file.append(slice.view(), slice.releaser()))
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
