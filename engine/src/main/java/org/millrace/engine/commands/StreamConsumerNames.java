package org.millrace.engine.commands;

import org.agrona.collections.Long2LongHashMap;
import org.millrace.engine.datatype.StreamGroups;
import org.millrace.engine.resp.ReplyWriter;

/** The names of a group's consumers by their numbers, for who goes over what is pending. Reused; writer thread. */
final class StreamConsumerNames
{
    private static final long NONE = -1;

    /** Room that is kept from one command to the next. */
    private static final int KEPT_CAPACITY = 1024;

    private Long2LongHashMap places = new Long2LongHashMap(NONE);

    /** Look at the group's consumers. */
    void begin(final StreamGroups groups)
    {
        if (places.capacity() > KEPT_CAPACITY)
        {
            places = new Long2LongHashMap(NONE);
        }

        places.clear();
        for (long i = 0, count = groups.consumerCount(); i < count; i++)
        {
            groups.loadConsumer(i);
            places.put(groups.consumerNumber(), i);
        }
    }

    /** Reply the name of a consumer of the group, which is then looked at. */
    void reply(final ReplyWriter reply, final StreamGroups groups, final long number)
    {
        groups.loadConsumer(places.get(number));
        groups.showConsumerName();
        reply.bulk(groups.nameAddress(), groups.nameLength());
    }
}
