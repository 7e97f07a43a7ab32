package org.millrace.engine.node;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.millrace.engine.command.CommandContext;
import org.millrace.engine.command.CommandSpec;
import org.millrace.engine.command.CommandTable;
import org.millrace.engine.command.LatencyHistogram;
import org.millrace.engine.config.Config;
import org.millrace.engine.config.ConfigOption;
import org.millrace.engine.resp.ReplyWriter;

/** What latency-tracking has counted, as INFO latencystats and LATENCY HISTOGRAM show it. Writer thread. */
final class LatencyStatistics
{
    private final Config config;
    private final CommandTable table;

    LatencyStatistics(final Config config, final CommandTable table)
    {
        this.config = config;
        this.table = table;
    }

    /** INFO latencystats: nothing while latency-tracking is off. */
    void info(final StringBuilder out)
    {
        if (!config.is(ConfigOption.LATENCY_TRACKING))
        {
            return;
        }

        final String printed = config.print(ConfigOption.LATENCY_TRACKING_INFO_PERCENTILES);
        final String[] labels = printed.isEmpty() ? new String[0] : printed.split(" ");
        final double[] percentiles = config.percentiles();
        forEach((spec) ->
        {
            final StringBuilder values = new StringBuilder();
            for (int i = 0; i < labels.length; i++)
            {
                values.append(i > 0 ? "," : "").append('p').append(labels[i]).append('=')
                    .append(FixedPoint.ofUnits(spec.latency().percentileNs(percentiles[i]), 3));
            }

            InfoSections.line(out, "latency_percentiles_usec_" + spec.fullName(), values.toString());
        });
    }

    /** LATENCY HISTOGRAM: of all commands, or of those named; a name that has subcommands stands for them. */
    void histogram(final CommandContext context)
    {
        final List<CommandSpec> shown = new ArrayList<>();
        if (2 == context.argCount())
        {
            forEach(shown::add);
        }

        for (int i = 2; i < context.argCount(); i++)
        {
            final String name = context.argText(i).toLowerCase(Locale.ROOT);
            forEach((spec) ->
            {
                final boolean isNamed = name.equals(spec.fullName()) ||
                    null != spec.parent() && name.equals(spec.parent().name());
                if (isNamed)
                {
                    shown.add(spec);
                }
            });
        }

        final ReplyWriter reply = context.reply();
        reply.map(shown.size());
        shown.forEach((spec) -> reply(reply, spec));
    }

    private static void reply(final ReplyWriter reply, final CommandSpec spec)
    {
        final LatencyHistogram histogram = spec.latency();
        final List<Long> steps = new ArrayList<>();
        histogram.cumulative((micros, calls) ->
        {
            steps.add(micros);
            steps.add(calls);
        });
        reply.bulk(spec.fullName());
        reply.map(2);
        reply.bulk("calls");
        reply.integer(histogram.total());
        reply.bulk("histogram_usec");
        reply.map(steps.size() / 2);
        steps.forEach(reply::integer);
    }

    private void forEach(final Consumer<CommandSpec> consumer)
    {
        for (final CommandSpec spec : table.all())
        {
            addIfCounted(spec, consumer);
            spec.subcommands().values().forEach((sub) -> addIfCounted(sub, consumer));
        }
    }

    private static void addIfCounted(final CommandSpec spec, final Consumer<CommandSpec> consumer)
    {
        if (null != spec.latency())
        {
            consumer.accept(spec);
        }
    }
}
