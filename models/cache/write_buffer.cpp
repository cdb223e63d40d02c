// The life of a dirty key: waiting, being sent, waiting again or clean.
#include "models/cache/write_buffer.hpp"

#include "sim/check.hpp"

namespace archsim::models::cache {

namespace {
constexpr std::uint32_t waits = 0;
constexpr std::uint32_t is_sent = 1;
}  // namespace

bool WriteBuffer::put(const Request& write) {
    const Slot found = slot_of(write.key);
    if (found != no_slot) {
        writes_[found] = write;
        return false;
    }
    const Slot slot = slab_.take(write.key, 1);
    if (slot == writes_.size()) {
        writes_.push_back(write);
    } else {
        writes_[slot] = write;
    }
    index_.insert(write.key, slot);
    waiting_.push_front(slab_, slot);
    ++waiting_count_;
    return true;
}

const Request* WriteBuffer::find(std::uint64_t key) const {
    const Slot slot = slot_of(key);
    return slot == no_slot ? nullptr : &writes_[slot];
}

Request WriteBuffer::start(Slot slot) {
    waiting_.unlink(slab_, slot);
    --waiting_count_;
    slab_[slot].mark = is_sent;
    return writes_[slot];
}

std::optional<Request> WriteBuffer::send_oldest() {
    if (waiting_.empty()) return std::nullopt;
    return start(waiting_.back());
}

std::optional<Request> WriteBuffer::send(std::uint64_t key) {
    const Slot slot = slot_of(key);
    if (slot == no_slot || slab_[slot].mark == is_sent) return std::nullopt;
    return start(slot);
}

bool WriteBuffer::answered(const Request& write, bool taken) {
    const Slot slot = slot_of(write.key);
    ARCHSIM_CHECK(slot != no_slot && slab_[slot].mark == is_sent, "key {} is not being sent",
                  write.key);
    if (taken && writes_[slot].version == write.version) {
        index_.erase(write.key, slot);
        slab_.give_back(slot);
        return true;
    }
    slab_[slot].mark = waits;
    waiting_.push_front(slab_, slot);
    ++waiting_count_;
    return false;
}

void WriteBuffer::clear() {
    slab_.clear();
    index_.clear();
    waiting_ = List{};
    waiting_count_ = 0;
    writes_.clear();
}

}  // namespace archsim::models::cache
