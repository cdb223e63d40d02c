// The parameters of the write modes.
#include "models/cache/write_mode.hpp"

namespace archsim::models::cache {

const Spec<CacheAside>& CacheAside::spec() {
    static const auto declared =
        Spec<CacheAside>{"cache_aside", "Writes go to the origin, then the copy is dropped."}
            .optional("invalidation_delay", &CacheAside::invalidation_delay,
                      "From the origin's answer until the copy is dropped; the writer does not "
                      "wait for it.")
            .assume(
                "A read that fetched before a write and is answered after it keeps the old "
                "value: it is served until it expires or is written again.")
            .assume("The copy is dropped whatever the origin answers.");
    return declared;
}

const Spec<WriteThrough>& WriteThrough::spec() {
    static const auto declared =
        Spec<WriteThrough>{"write_through", "Writes go to the origin and, once there, to the copy."}
            .assume("A fetch that a write overtakes keeps nothing.")
            .assume(
                "Writes to one key that overlap, and writes that fail, leave no copy: which "
                "value the origin has is not known.");
    return declared;
}

const Spec<WriteBehind>& WriteBehind::spec() {
    static const auto declared =
        Spec<WriteBehind>{"write_behind", "Writes are answered at once and reach the origin later."}
            .alias("write_back")
            .optional("flush_interval", &WriteBehind::flush_interval,
                      "Time between two flushes, the first that long after the start.")
            .more_than(sim::Duration{})
            .otherwise_called({"interval"})
            .optional("batch", &WriteBehind::batch,
                      "Entries that one flush sends at most, the longest dirty first; without it, "
                      "all that are dirty.")
            .at_least(1)
            .optional("dirty_limit", &WriteBehind::dirty_limit,
                      "Dirty entries at most: a write beyond it starts a flush and waits for room.")
            .at_least(1)
            .assume("A flush sends one write for each entry, all at the same instant.")
            .assume(
                "Writes to a dirty entry replace its value: the origin never sees the value "
                "before.")
            .assume("A write that the origin does not accept stays dirty for the next flush.")
            .assume(
                "A dirty entry never expires; one that is evicted is sent at once and served "
                "until the origin has it.")
            .assume(
                "A crash loses what is dirty. An entry whose write is under way counts as "
                "lost: nobody is left to hear that it arrived.")
            .assume(
                "Writes that are answered before the origin has ever answered do not name the "
                "store that they go to; a history takes their fate as unknown.");
    return declared;
}

const Spec<WriteAround>& WriteAround::spec() {
    static const auto declared =
        Spec<WriteAround>{"write_around", "Writes pass the cache by; the copy stays as it is."}
            .assume(
                "A copy is outdated from the write until it expires, is evicted or is "
                "invalidated.");
    return declared;
}

const Spec<RefreshAhead>& RefreshAhead::spec() {
    static const auto declared =
        Spec<RefreshAhead>{"refresh_ahead",
                           "Copies that are read near their end are fetched anew before it; "
                           "writes as cache_aside."}
            .optional("at", &RefreshAhead::at,
                      "Share of the time to live after which a read starts a fetch.")
            .more_than(sim::Probability{})
            .less_than(sim::Probability{1.0})
            .assume("The read that starts a fetch is answered with the copy and does not wait.");
    return declared;
}

}  // namespace archsim::models::cache
