// The score of every method against its formula in plain loops and doubles, and the selection
// against sorting, on seeded random layers of different lengths with groups of query heads.

#include "policy/score.h"
#include "policy/selection.h"
#include "test/policy_fixture.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

using namespace loci;
using namespace loci_test;

namespace {

using Doubles = std::vector<double>;
constexpr int group = 3;

double at(const std::vector<float> & values, size_t i) {
    return static_cast<double>(values[i]);
}

Doubles as_doubles(const std::vector<float> & values) {
    return { values.begin(), values.end() };
}

// A layer with everything that any method reads; every statistic has numbers of its own.
LayerCandidates full_layer(std::mt19937 & random, int kv_heads, int slots, bool apart_values) {
    LayerCandidates layer = plain_layer(random, kv_heads, slots);
    layer.attention.rows = 1 + below(random, 64);
    for (const Statistic statistic : { Statistic::l2, Statistic::maximum }) {
        for (float & value : layer.attention.of(statistic)) {
            value = uniform(random);
        }
    }
    layer.attention.apart.clear();
    for (int i = 0; i < kv_heads * group * slots; i++) {
        layer.attention.apart.push_back(uniform(random));
    }
    if (apart_values) {
        layer.value.clear();
        for (int i = 0; i < kv_heads * group * slots; i++) {
            layer.value.push_back(0.5f + uniform(random));
        }
    }
    for (float & carried : layer.carried) {
        carried = below(random, 2) == 0 ? -1.0f : uniform(random);
    }
    add_vectors(random, layer);
    layer.moments.heads = kv_heads * group;
    layer.moments.mean.clear();
    layer.moments.covariance.clear();
    for (int i = 0; i < kv_heads * group * 4; i++) {
        layer.moments.mean.push_back(uniform(random) - 0.5f);
        for (int c = 0; c < 4; c++) {
            layer.moments.covariance.push_back(c == i % 4 ? 1.0f + uniform(random) : 0.1f);
        }
    }
    return layer;
}

Doubles pool(const LayerCandidates & layer, const Doubles & in, int width, bool maximum) {
    const int slots = layer.slots;
    Doubles out(in.size());
    for (int head = 0; head < layer.kv_heads; head++) {
        for (int i = 0; i < slots; i++) {
            const int first = std::max(0, i - width / 2);
            const int last = std::min(slots - 1, i + width / 2);
            double total = 0.0;
            for (int j = first; j <= last; j++) {
                const double value = in[static_cast<size_t>(head * slots + j)];
                total = maximum ? std::max(total, value) : total + value;
            }
            out[static_cast<size_t>(head * slots + i)] =
                maximum ? total : total / static_cast<double>(last - first + 1);
        }
    }
    return out;
}

void carry(const LayerCandidates & layer, double share, Doubles & score) {
    for (size_t i = 0; i < score.size(); i++) {
        if (layer.carried[i] >= 0.0f) {
            score[i] = std::max(score[i], share * at(layer.carried, i));
        }
    }
}

Doubles mean_of_rows(const LayerCandidates & layer) {
    Doubles mean = as_doubles(layer.attention.sum);
    for (double & value : mean) {
        value /= layer.attention.rows;
    }
    return mean;
}

Doubles times_value(const LayerCandidates & layer, Doubles score, double epsilon = 0.0) {
    for (size_t i = 0; i < score.size(); i++) {
        score[i] = (score[i] + epsilon) * at(layer.value, i);
    }
    return score;
}

Doubles snapkv(const LayerCandidates & layer) {
    Doubles score = pool(layer, mean_of_rows(layer), 5, false);
    carry(layer, 1.0, score);
    return score;
}

Doubles h2o(const LayerCandidates & layer, int64_t stream) {
    Doubles score = as_doubles(layer.attention.sum);
    for (size_t i = 0; i < score.size(); i++) {
        score[i] += layer.carried[i] >= 0.0f ? at(layer.carried, i) : 0.0;
        score[i] /= static_cast<double>(stream - layer.token[i]);
    }
    return score;
}

Doubles tova(const LayerCandidates & layer) {
    const Doubles own = mean_of_rows(layer);
    Doubles score(own.size(), 0.0);
    const auto slots = static_cast<size_t>(layer.slots);
    for (size_t i = 0; i < score.size(); i++) {
        for (size_t j = i % slots; j < own.size(); j += slots) {
            score[i] += own[j] / layer.kv_heads;
        }
    }
    return score;
}

Doubles ahakv(const LayerCandidates & layer) {
    Doubles score = mean_of_rows(layer);
    carry(layer, 1.0, score);
    const Doubles prior = pool(layer, as_doubles(layer.value), 7, false);
    const auto slots = static_cast<size_t>(layer.slots);
    for (size_t i = 0; i < score.size(); i++) {
        const auto head = prior.begin() + static_cast<std::ptrdiff_t>(i / slots * slots);
        score[i] *= prior[i] / *std::max_element(head, head + layer.slots);
    }
    return score;
}

Doubles cake(const LayerCandidates & layer) {
    Doubles score = mean_of_rows(layer);
    for (size_t i = 0; i < score.size(); i++) {
        const double square =
            at(layer.attention.l2, i) * at(layer.attention.l2, i) / layer.attention.rows;
        score[i] += 200.0 * std::max(square - score[i] * score[i], 0.0);
    }
    score = pool(layer, score, 5, false);
    carry(layer, 1.0, score);
    return score;
}

Doubles laprox(const LayerCandidates & layer) {
    Doubles score = pool(layer, as_doubles(layer.attention.l2), 7, false);
    carry(layer, 1.0, score);
    return times_value(layer, score);
}

// The other reading: products head by head, their mean over the group, pooled.
Doubles laprox_apart(const LayerCandidates & layer) {
    const auto slots = static_cast<size_t>(layer.slots);
    Doubles score(layer.token.size(), 0.0);
    for (size_t i = 0; i < score.size(); i++) {
        for (size_t member = 0; member < group; member++) {
            const size_t own = (i / slots * group + member) * slots + i % slots;
            score[i] += at(layer.attention.apart, own) * at(layer.value, own) / group;
        }
    }
    score = pool(layer, score, 7, false);
    carry(layer, 1.0, score);
    return score;
}

Doubles defensive(const LayerCandidates & layer) {
    Doubles score = pool(layer, as_doubles(layer.attention.maximum), 7, false);
    carry(layer, 1.0, score);
    const auto slots = static_cast<size_t>(layer.slots);
    for (size_t base = 0; base < score.size(); base += slots) {
        const auto head = score.begin() + static_cast<std::ptrdiff_t>(base);
        const double mean = std::accumulate(head, head + layer.slots, 0.0) / layer.slots;
        std::for_each(head, head + layer.slots, [&](double & own) { own = std::max(own, mean); });
    }
    return times_value(layer, score);
}

Doubles kvzip(const LayerCandidates & layer) {
    Doubles score = as_doubles(layer.attention.maximum);
    carry(layer, 1.0, score);
    return score;
}

double product(const float * a, const float * b, size_t size) {
    double sum = 0.0;
    for (size_t c = 0; c < size; c++) {
        sum += static_cast<double>(a[c]) * static_cast<double>(b[c]);
    }
    return sum;
}

Doubles knorm(const LayerCandidates & layer) {
    Doubles score;
    for (size_t i = 0; i < layer.token.size(); i++) {
        const float * key = layer.keys.data() + 4 * i;
        score.push_back(-std::sqrt(product(key, key, 4)));
    }
    return score;
}

Doubles keydiff(const LayerCandidates & layer) {
    const auto slots = static_cast<size_t>(layer.slots);
    Doubles score;
    for (size_t i = 0; i < layer.token.size(); i++) {
        const float * key = layer.keys.data() + 4 * i;
        // cos(k, mean of the others' directions), by the mean of the cosines' parts.
        Doubles anchor(4, 0.0);
        for (size_t j = i / slots * slots; j < (i / slots + 1) * slots; j++) {
            const float * other = layer.keys.data() + 4 * j;
            for (size_t c = 0; c < 4; c++) {
                anchor[c] += static_cast<double>(other[c]) / std::sqrt(product(other, other, 4)) /
                             layer.slots;
            }
        }
        double dot = 0.0;
        double square = 0.0;
        for (size_t c = 0; c < 4; c++) {
            dot += static_cast<double>(key[c]) * anchor[c];
            square += anchor[c] * anchor[c];
        }
        score.push_back(-dot / std::sqrt(square) / std::sqrt(product(key, key, 4)));
    }
    return score;
}

Doubles expected(const LayerCandidates & layer) {
    const auto slots = static_cast<size_t>(layer.slots);
    Doubles score(layer.token.size(), 0.0);
    for (size_t head = 0; head < static_cast<size_t>(layer.kv_heads * group); head++) {
        Doubles weights;
        double total = 0.0;
        for (size_t i = 0; i < slots; i++) {
            const float * key = layer.keys.data() + 4 * (head / group * slots + i);
            double form = 0.0;
            for (size_t a = 0; a < 4; a++) {
                for (size_t b = 0; b < 4; b++) {
                    form += static_cast<double>(key[a]) * static_cast<double>(key[b]) *
                            at(layer.moments.covariance, head * 16 + a * 4 + b);
                }
            }
            weights.push_back(
                std::exp(product(key, layer.moments.mean.data() + head * 4, 4) / 2.0 + form / 8.0));
            total += weights.back();
        }
        for (size_t i = 0; i < slots; i++) {
            score[head / group * slots + i] += weights[i] / total / group;
        }
    }
    for (size_t i = 0; i < score.size(); i++) {
        score[i] *= std::sqrt(at(layer.value, i));
    }
    return score;
}

// Partitions of four, each by the range of the next one; what was scored keeps its score.
Doubles lagkv(const LayerCandidates & layer) {
    const auto slots = static_cast<size_t>(layer.slots);
    constexpr size_t length = 4;
    Doubles score;
    for (size_t i = 0; i < layer.token.size(); i++) {
        const size_t base = i / slots * slots;
        size_t first = base; // of what is not scored yet
        while (first < base + slots && layer.carried[first] >= 0.0f) {
            first++;
        }
        const size_t begin = i < first ? i : first + (i - first) / length * length;
        const size_t next = begin + length;
        if (layer.carried[i] >= 0.0f || next >= base + slots) {
            score.push_back(at(layer.carried, i));
            continue;
        }
        const size_t end = std::min(next + length, base + slots);
        double sum = 0.0;
        for (const auto * rows : { &layer.keys, &layer.values }) {
            Doubles weights;
            for (size_t t = begin; t < next; t++) {
                Doubles scaled;
                for (size_t c = 0; c < 4; c++) {
                    double low = INFINITY;
                    double high = -INFINITY;
                    for (size_t u = next; u < end; u++) {
                        low = std::min(low, at(*rows, 4 * u + c));
                        high = std::max(high, at(*rows, 4 * u + c));
                    }
                    scaled.push_back((at(*rows, 4 * t + c) - low) / std::max(high - low, 1e-6));
                }
                const double mean = std::accumulate(scaled.begin(), scaled.end(), 0.0) / 4.0;
                double square = 0.0;
                for (const double value : scaled) {
                    square += (value - mean) * (value - mean) / 4.0;
                }
                weights.push_back(std::sqrt(square));
            }
            const double most = *std::max_element(weights.begin(), weights.end());
            double total = 0.0;
            for (double & weight : weights) {
                weight = std::exp(weight - most);
                total += weight;
            }
            sum += weights[i - begin] / total / 2.0;
        }
        score.push_back(sum * static_cast<double>(length));
    }
    return score;
}

// The scores of one method's preset, as the library says and as the formula does.
void check_score(const std::string & name, const PolicyParameters & parameters,
                 const std::function<Doubles(const LayerCandidates &, int64_t)> & formula) {
    const bool apart = !parameters.empty() && parameters.front().second == "apart";
    const Settings settings = settings_of(name, parameters);
    std::mt19937 random(static_cast<uint32_t>(std::hash<std::string>()(name)));
    for (int round = 0; round < 60; round++) {
        const int slots = 1 + below(random, 90);
        LayerCandidates layer = full_layer(random, 1 + below(random, 3), slots, apart);
        const int64_t stream = slots + below(random, 500);
        const LayerScore score = score_layer(settings, layer, { 0, stream });
        const Doubles right = formula(layer, stream);
        expect_equal(score.rank.size(), right.size(), "scores of " + name);
        for (size_t i = 0; i < right.size(); i++) {
            expect_near(at(score.rank, i), right[i], 1e-4, name + ", slot " + std::to_string(i));
        }
    }
}

// Sorting by level, score and position picks the same slots as the library.
void check_selection(const std::string & name) {
    const Settings settings = settings_of(name, {});
    const auto policy = make_policy(name, {});
    std::mt19937 random(77);
    for (int round = 0; round < 40; round++) {
        Scenario scenario;
        for (int l = 0; l < 3; l++) {
            scenario.request.layers.push_back(full_layer(random, 2, 40 + below(random, 60), false));
        }
        scenario.request.stream_tokens = 600;
        scenario.request.budget_rows = 110 + below(random, 10);
        scenario.request.max_layer_rows = 1000;
        scenario.request.recent = 4;
        const auto selections = policy->select(scenario.ready());
        for (size_t l = 0; l < selections.size(); l++) {
            const LayerCandidates & layer = scenario.request.layers[l];
            const LayerScore score = score_layer(settings, layer, { l, 600 });
            for (int head = 0; head < 2; head++) {
                std::vector<int> order(static_cast<size_t>(layer.slots));
                std::iota(order.begin(), order.end(), 0);
                const size_t base = static_cast<size_t>(head * layer.slots);
                const auto level = [&](int slot) {
                    const int32_t token = layer.token[base + static_cast<size_t>(slot)];
                    return slot >= layer.slots - 4 || token < settings.sinks ? 1 : 0;
                };
                std::stable_sort(order.begin(), order.end(), [&](int a, int b) {
                    return level(a) != level(b) ? level(a) > level(b)
                                                : score.rank[base + static_cast<size_t>(a)] >
                                                      score.rank[base + static_cast<size_t>(b)];
                });
                order.resize(static_cast<size_t>(selections[l].rows));
                std::sort(order.begin(), order.end());
                const auto first = selections[l].slots.begin() +
                                   static_cast<std::ptrdiff_t>(head * selections[l].rows);
                expect(std::equal(order.begin(), order.end(), first), name + " chose others");
            }
        }
    }
}

template <typename Formula>
auto alone(const Formula & formula) {
    return [formula](const LayerCandidates & layer, int64_t) { return formula(layer); };
}

} // namespace

int main() {
    return run({
        { "snapkv", [] { check_score("snapkv", {}, alone(snapkv)); } },
        { "pyramid scores as snapkv", [] { check_score("pyramid", {}, alone(snapkv)); } },
        { "h2o", [] { check_score("h2o", {}, h2o); } },
        { "tova", [] { check_score("tova", {}, alone(tova)); } },
        { "ahakv", [] { check_score("ahakv", {}, alone(ahakv)); } },
        { "cake", [] { check_score("cake", {}, alone(cake)); } },
        { "criticalkv",
          [] {
              check_score("criticalkv", {}, alone([](const LayerCandidates & layer) {
                              return times_value(layer, snapkv(layer), 1e-4);
                          }));
          } },
        { "laprox", [] { check_score("laprox", {}, alone(laprox)); } },
        { "laprox, the other reading",
          [] {
              check_score("laprox", { { "aggregate", "apart" } }, alone(laprox_apart));
          } },
        { "defensive", [] { check_score("defensive", {}, alone(defensive)); } },
        { "layer-defensive", [] { check_score("layer-defensive", {}, alone(defensive)); } },
        { "kvzip", [] { check_score("kvzip", {}, alone(kvzip)); } },
        { "kvzip-plus",
          [] {
              check_score("kvzip-plus", {}, alone([](const LayerCandidates & layer) {
                              return times_value(layer, kvzip(layer));
                          }));
          } },
        { "knorm", [] { check_score("knorm", {}, alone(knorm)); } },
        { "keydiff", [] { check_score("keydiff", {}, alone(keydiff)); } },
        { "lagkv",
          [] {
              check_score("lagkv", { { "partition", "4" } }, alone(lagkv));
          } },
        { "expected", [] { check_score("expected", {}, alone(expected)); } },
        { "selections equal sorting",
          [] {
              for (const char * name :
                   { "random", "streaming", "h2o", "tova", "snapkv", "keydiff", "knorm", "expected",
                     "ahakv", "laprox", "pyramid", "cake", "kvzip", "kvzip-plus" }) {
                  check_selection(name);
              }
          } },
    });
}
