// A vector whose elements never move: growing copies nothing and leaves no memory behind, and what
// is fetched ahead stays where it is.
#pragma once

#include <cstddef>
#include <memory>
#include <vector>

namespace archsim::models {

/// Elements in blocks of `block_size`, a power of two; made as T{} when a block is begun. O(1).
template <class T, std::size_t block_size = 256>
class BlockVector {
    static_assert((block_size & (block_size - 1)) == 0);

public:
    [[nodiscard]] std::size_t size() const { return size_; }
    /// Requires: index < size().
    [[nodiscard]] T& operator[](std::size_t index) {
        return blocks_[index / block_size][index % block_size];
    }
    [[nodiscard]] const T& operator[](std::size_t index) const {
        return blocks_[index / block_size][index % block_size];
    }
    /// Adds T{} at the end.
    T& emplace_back() {
        grow_to(size_ + 1);
        return (*this)[size_ - 1];
    }
    /// Makes it at least so long.
    void grow_to(std::size_t size) {
        while (blocks_.size() * block_size < size)
            [[unlikely]] blocks_.push_back(std::make_unique<T[]>(block_size));
        if (size_ < size) size_ = size;
    }
    /// Calls `visit` with each element, in order.
    template <class Visit>
    void each(const Visit& visit) {
        for (std::size_t i = 0; i < size_; ++i) visit((*this)[i]);
    }
    template <class Visit>
    void each(const Visit& visit) const {
        for (std::size_t i = 0; i < size_; ++i) visit((*this)[i]);
    }
    /// Bytes held for elements.
    [[nodiscard]] std::size_t memory() const { return blocks_.size() * block_size * sizeof(T); }

private:
    std::vector<std::unique_ptr<T[]>> blocks_;
    std::size_t size_ = 0;
};

}  // namespace archsim::models
