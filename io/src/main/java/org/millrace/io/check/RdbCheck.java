package org.millrace.io.check;

import java.io.IOException;
import java.util.Locale;
import org.millrace.engine.aof.FileWindow;
import org.millrace.engine.snapshot.RdbAux;
import org.millrace.engine.snapshot.RdbCensus;
import org.millrace.engine.snapshot.RdbLoader;

/** Looks through a snapshot as a node would that loads it, and tells what is in it. */
final class RdbCheck
{
    private final Report report;
    private final int biggest;

    /** @param biggest how many of the biggest keys are told. */
    RdbCheck(final Report report, final int biggest)
    {
        this.report = report;
        this.biggest = biggest;
    }

    /**
     * Reads a snapshot.
     *
     * @param isAll whether nothing may stand behind it.
     * @return whether it is right.
     */
    boolean check(final FileInput input, final String name, final boolean isAll) throws IOException
    {
        final RdbCensus census = new RdbCensus(biggest, System.currentTimeMillis());
        final FileWindow window = input.window();
        try (RdbLoader loader = RdbLoader.counting(census, true))
        {
            while (RdbLoader.State.LOADING == loader.state())
            {
                input.fill(0);
                read(window, loader);
            }

            tell(name, loader, census);
            if (null != loader.error())
            {
                report.detail("read so far: " + Report.count(loader.keysLoaded()) + " keys, " +
                    Report.bytes(loader.bytesConsumed()) + " of " + Report.bytes(input.length()));
                return report.bad(name, loader.error());
            }

            final long behind = input.length() - window.position();
            return !isAll || 0 == behind ||
                report.bad(name,
                    behind + " bytes stand behind the end of the snapshot (at byte " + window.position() + ")");
        }
    }

    private static void read(final FileWindow window, final RdbLoader loader)
    {
        while (window.length() > 0 && RdbLoader.State.LOADING == loader.state())
        {
            window.take(loader.consume(window.address(), (int)window.length()));
            if (loader.isAtData())
            {
                loader.startData();
            }
        }

        if (window.isAtEnd() && 0 == window.length())
        {
            loader.endOfInput();
        }
    }

    private void tell(final String name, final RdbLoader loader, final RdbCensus census)
    {
        final RdbAux aux = loader.aux();
        final StringBuilder head = new StringBuilder("snapshot, RDB version ").append(loader.version());
        head.append(null == aux.producer() ? "" : ", made by version " + aux.producer());
        head.append(aux.createdSeconds() < 0 ? "" : ", " + Report.time(aux.createdSeconds()));
        report.title(name, head.toString());
        if (null != aux.replid())
        {
            report.detail(
                "replication id " + aux.replid() + ", offset " + aux.replOffset() + ", database of the stream " +
                    aux.streamDb());
        }

        report.detail(Report.count(loader.keysLoaded()) + " keys" +
            (census.keysWithDeadline() > 0
                ? ", " + Report.count(census.keysWithDeadline()) + " with a time to live, " +
                    Report.count(census.keysExpired()) + " of them over"
                : "") +
            (census.libraries() > 0 ? ", " + census.libraries() + " function libraries" : "") +
            (loader.keysEmpty() > 0 ? ", " + Report.count(loader.keysEmpty()) + " without elements left out" : ""));
        if (loader.keysLoaded() > 0)
        {
            report.detail(census.databasesText());
        }

        tellTypes(census);
        tellBiggest(census);
    }

    private void tellTypes(final RdbCensus census)
    {
        for (final RdbCensus.Kind kind : RdbCensus.Kind.values())
        {
            final RdbCensus.Amount amount = census.amount(kind);
            if (amount.keys() > 0)
            {
                report.detail(String.format(
                    Locale.ROOT, "%-7s %,15d keys %,17d elements %10s", kind.text(), amount.keys(), amount.elements(),
                    Report.bytes(amount.bytes())));
            }
        }
    }

    private void tellBiggest(final RdbCensus census)
    {
        for (final RdbCensus.Big big : census.biggest())
        {
            report.detail("big: " + Report.bytes(big.bytes()) + ", " + big.kind().text() +
                (big.elements() > 0 ? " of " + Report.count(big.elements()) : "") + ", db" + big.database() + " '" +
                big.name() + "'");
        }
    }
}
