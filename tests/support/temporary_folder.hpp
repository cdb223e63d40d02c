// A folder of its own for a test that needs files; it is removed with everything in it at the end.
#pragma once

#include <cstddef>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <string_view>

namespace archsim::tests {

/// Made empty under the system's temporary folder.
class TemporaryFolder {
public:
    TemporaryFolder() {
        std::string pattern =
            (std::filesystem::temp_directory_path() / ("archsim-test-" + std::string(6, 'X')))
                .string();
        if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("mkdtemp failed");
        path_ = std::filesystem::canonical(pattern).string();
    }
    ~TemporaryFolder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;

    /// Its path, without symbolic links.
    [[nodiscard]] const std::string& path() const { return path_; }

    /// The path that a file of this name in the folder has.
    [[nodiscard]] std::string file(std::string_view name) const {
        return (std::filesystem::path(path_) / name).string();
    }
    /// How many files and folders it holds.
    [[nodiscard]] std::ptrdiff_t entries() const {
        using Entries = std::filesystem::directory_iterator;
        return std::distance(Entries{path_}, Entries{});
    }

    /// Writes a file below the folder, making folders on the way; returns its path.
    std::string write(std::string_view name, std::string_view text) const {
        const std::filesystem::path file = std::filesystem::path(path_) / name;
        std::filesystem::create_directories(file.parent_path());
        std::ofstream out{file, std::ios::binary};
        out << text;
        out.close();
        if (!out) throw std::runtime_error("cannot write " + file.string());
        return file.string();
    }

private:
    std::string path_;
};

}  // namespace archsim::tests
