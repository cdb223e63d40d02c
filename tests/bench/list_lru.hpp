// The yardstick of the caches: a bare LRU of std::list and std::unordered_map, as one writes it
// down.
#pragma once

#include <cstddef>
#include <cstdint>
#include <list>
#include <unordered_map>

namespace archsim::bench {

/// Keys with what is kept beside them, the least recently used leaving first.
template <class Payload>
class ListLru {
public:
    explicit ListLru(std::size_t capacity) : capacity_{capacity} { places_.reserve(capacity); }

    /// Uses a key; false if it was not there and has been inserted.
    bool use(std::uint64_t key) {
        const auto found = places_.find(key);
        if (found != places_.end()) {
            order_.splice(order_.begin(), order_, found->second);
            return true;
        }
        if (places_.size() == capacity_) {
            places_.erase(order_.back().key);
            order_.pop_back();
        }
        order_.push_front(Item{key, {}});
        places_.emplace(key, order_.begin());
        return false;
    }

private:
    struct Item {
        std::uint64_t key = 0;
        Payload payload;
    };
    std::size_t capacity_;
    std::list<Item> order_;
    std::unordered_map<std::uint64_t, typename std::list<Item>::iterator> places_;
};

}  // namespace archsim::bench
